//! The reference vectors and laws of runbooks.

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{Block, Catalog, MAX_BYTES, Match, Page, Section, Style, parse};
use crate::domain::Timestamp;
use crate::domain::incident::{Alert, AlertState};

const PRICING: &str = r#"---
id: pricing-cache-expired
title: "Pricing: tariff cache expired"
alerts: ["OrderRouting*", PricingCacheCold]
services: [pricing]
owner: squad-routing
last_verified: 2026-02-20
---
# Pricing

## Symptoms
- cache hit below **50 %**
- p95 of pricing above 2 s

## Diagnosis
1. how many tariff keys are left
   ```sh
   redis-cli -h redis-tariffs dbsize
   ```
   expect about 48,200; 0 = all have expired
2. is one key gone
   ```console
   $ redis-cli -h redis-tariffs ttl tariff:FR-75
   (integer) -2
   ```
3. hit ratio over the last hour

   ```promql
   tariff_cache_hit_ratio
   ```

## Resolution
### Temporary fix
- [ ] warm the cache, see [the tool](https://example.org/tool)
  ```sh {danger timeout=30s}
  pricing-cachectl warm --ttl 6h --jitter 20%
  ```
  - nested, not a step
- open the `breaker`

### Permanent fix
- jittered TTL

## Prevention
| what | state |
|------|-------|
| alert on hit ratio | missing |
"#;

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

#[test]
fn a_page_is_read_with_its_head() {
    let page = parse("runbooks/pricing-cache-expired.md", PRICING);
    assert_eq!(page.id, "pricing-cache-expired");
    assert_eq!(page.title, "Pricing: tariff cache expired");
    assert_eq!(page.alerts, ["OrderRouting*", "PricingCacheCold"]);
    assert_eq!((page.services.as_slice(), page.owner.as_deref()), (&["pricing".to_owned()][..], Some("squad-routing")));
    assert_eq!((page.verified, page.warnings.as_slice()), (Some(date("2026-02-20")), &[][..]));
    assert_eq!(page.source, "runbooks/pricing-cache-expired.md");
}

#[test]
fn steps_are_what_is_to_be_done_and_carry_their_commands() {
    let page = parse("x.md", PRICING);
    let steps: Vec<_> = page
        .steps()
        .map(|step| {
            let command =
                step.command.map(|command| (command.language.to_owned(), command.text, command.danger.is_some()));
            (step.number, super::page::plain(step.inlines), step.section, command)
        })
        .collect();
    let command = |language: &str, text: &str, danger| Some((language.to_owned(), text.to_owned(), danger));
    let expected = [
        (
            1,
            "how many tariff keys are left",
            Section::Diagnosis,
            command("sh", "redis-cli -h redis-tariffs dbsize", false),
        ),
        (
            2,
            "is one key gone",
            Section::Diagnosis,
            command("console", "redis-cli -h redis-tariffs ttl tariff:FR-75", false),
        ),
        (3, "hit ratio over the last hour", Section::Diagnosis, command("promql", "tariff_cache_hit_ratio", false)),
        (
            4,
            "warm the cache, see the tool",
            Section::TemporaryFix,
            command("sh", "pricing-cachectl warm --ttl 6h --jitter 20%", true),
        ),
        (5, "open the breaker", Section::TemporaryFix, None),
    ];
    assert_eq!(steps, expected.map(|(number, text, section, command)| (number, text.to_owned(), section, command)));
}

#[test]
fn blocks_keep_their_order_and_their_styles() {
    let page = parse("x.md", PRICING);
    let code = page.blocks.iter().find_map(|block| match block {
        Block::Code { language, step, attributes, .. } if language == "sh" && *step == Some(4) => {
            Some(attributes.clone())
        }
        _ => None,
    });
    assert_eq!(code, Some(vec!["danger".to_owned(), "timeout=30s".to_owned()]));
    assert!(page.blocks.iter().any(|block| matches!(block, Block::Item { indent: 1, .. })));
    assert!(
        page.blocks
            .iter()
            .any(|block| matches!(block, Block::Paragraph(inlines) if inlines[0].text.starts_with("expect about")))
    );
    let link = page.blocks.iter().find_map(|block| match block {
        Block::Step { number: 4, inlines, .. } => inlines.last().cloned(),
        _ => None,
    });
    assert_eq!(link.map(|link| link.style), Some(Style::Link("https://example.org/tool".to_owned())));
    let strong = page.blocks.iter().find_map(|block| match block {
        Block::Item { inlines, .. } => inlines.iter().find(|inline| inline.style == Style::Strong).cloned(),
        _ => None,
    });
    assert_eq!(strong.map(|strong| strong.text).as_deref(), Some("50 %"));
    let table =
        vec![vec!["what".to_owned(), "state".to_owned()], vec!["alert on hit ratio".to_owned(), "missing".to_owned()]];
    assert_eq!(page.blocks.last(), Some(&Block::Table(table)));
    assert_eq!(
        page.heading("temporary-fix").map(|at| matches!(&page.blocks[at], Block::Heading { level: 3, .. })),
        Some(true)
    );
}

#[test]
fn french_sections_and_a_toml_head_are_understood() {
    let page = parse(
        "sessions.md",
        "+++\ntitle = \"Sessions\"\nalerts = [\"Sessions*\"]\nlast_verified = 2026-01-11\n+++\n## Diagnostic\n1. mémoire\n\n```sh\nredis-cli info memory\n```\n## Résolution\n### Temporaire\n- augmenter maxmemory\n### Permanente\n- autoscaling\n## Actions préventives\n- alerte\n",
    );
    assert_eq!((page.title.as_str(), page.verified), ("Sessions", Some(date("2026-01-11"))));
    let steps: Vec<_> = page.steps().map(|step| (step.section, step.command.map(|command| command.text))).collect();
    assert_eq!(steps, [(Section::Diagnosis, Some("redis-cli info memory".to_owned())), (Section::TemporaryFix, None)]);
}

#[test]
fn what_is_quoted_is_not_to_be_done() {
    let page = parse("a.md", "## Diagnosis\n> as on 12 March:\n>\n> - somebody flushed the cache\n\n- look\n");
    let steps: Vec<_> = page.steps().map(|step| super::page::plain(step.inlines)).collect();
    assert_eq!(steps, ["look"]);
    assert!(page.blocks.iter().any(|block| matches!(block, Block::Quote(_))));
}

#[test]
fn a_broken_head_is_a_warning_and_never_a_failure() {
    let page = parse("a.md", "+++\nid = \n+++\n# Title here\n");
    assert_eq!((page.id.as_str(), page.title.as_str(), page.warnings.len()), ("a", "Title here", 1));
    let page = parse("a.md", "---\nlast_verified: soon\n---\n");
    assert_eq!(
        (page.title.as_str(), page.warnings.as_slice()),
        ("a", &["head: last_verified is not a date such as 2026-02-20".to_owned()][..])
    );
    assert_eq!(parse("", "").title, "");
}

#[test]
fn a_huge_page_is_cut_and_says_so() {
    let page = parse("a.md", &"é".repeat(MAX_BYTES));
    assert_eq!(page.warnings, ["longer than 1024 KiB: the rest was cut"]);
    let page = parse("a.md", &"- x\n".repeat(30_000));
    assert_eq!(page.warnings, ["more than 20000 blocks: the rest was cut"]);
    assert!(page.blocks.len() <= 20_001);
}

fn alert(name: &str, service: &str, url: &str) -> Alert {
    Alert {
        fingerprint: "f".into(),
        labels: [("alertname", name), ("service", service)].into_iter().collect(),
        annotations: if url.is_empty() {
            crate::domain::Labels::default()
        } else {
            [("runbook_url", url)].into_iter().collect()
        },
        starts: Timestamp::EPOCH,
        state: AlertState::Active,
        source: "am".into(),
    }
}

fn page(id: &str, alerts: &[&str], services: &[&str]) -> Page {
    Page {
        id: id.into(),
        source: format!("{id}.md"),
        alerts: alerts.iter().map(|text| (*text).to_owned()).collect(),
        services: services.iter().map(|text| (*text).to_owned()).collect(),
        ..Page::default()
    }
}

fn catalog(prefix: Option<&str>) -> Catalog {
    let pages = vec![
        page("pricing-cache-expired", &["OrderRouting*"], &["pricing"]),
        page("order-routing-burn", &["OrderRoutingSlowBurn"], &["routing"]),
        page("KafkaLagHigh", &[], &["kafka"]),
    ];
    Catalog::new(pages, prefix.map(str::to_owned))
}

const PREFIX: &str = "https://git.example/engineering-docs/blob/main/runbooks/";

#[test]
fn an_alert_finds_its_page_by_the_surest_way() {
    let found = |prefix, name: &str, service: &str, url: &str| {
        catalog(prefix)
            .find(&alert(name, service, url))
            .map(|found| (found.page.id.to_string(), found.by, found.anchor))
    };
    let url = format!("{PREFIX}pricing-cache-expired.md#diagnosis");
    let by = |id: &str, by, anchor: Option<&str>| Some((id.to_owned(), by, anchor.map(str::to_owned)));
    for prefix in [None, Some(PREFIX)] {
        assert_eq!(
            found(prefix, "OrderRoutingSlowBurn", "", &url),
            by("pricing-cache-expired", Match::Url, Some("diagnosis"))
        );
    }
    let plain = format!("{PREFIX}pricing-cache-expired.md?plain=1#L3");
    assert_eq!(found(Some(PREFIX), "x", "", &plain), by("pricing-cache-expired", Match::Url, Some("l3")));
    // A link to somewhere else leads nowhere here; the name still does.
    let elsewhere = "https://wiki.example/pricing-cache-expired.md";
    assert_eq!(
        found(Some(PREFIX), "OrderRoutingFastBurn", "", elsewhere),
        by("pricing-cache-expired", Match::Glob, None)
    );
    assert_eq!(found(None, "OrderRoutingSlowBurn", "", ""), by("order-routing-burn", Match::Exact, None));
    assert_eq!(found(None, "OrderRoutingFastBurn", "", ""), by("pricing-cache-expired", Match::Glob, None));
    assert_eq!(found(None, "kafkalaghigh", "", ""), by("KafkaLagHigh", Match::FileName, None));
    assert_eq!(found(None, "Unknown", "routing", ""), by("order-routing-burn", Match::Service, None));
    assert_eq!(found(None, "Unknown", "unknown", ""), None);
    assert_eq!(found(None, "Unknown", "", "#"), None);
}

#[test]
fn an_slo_names_its_page() {
    let by = |name: &str| catalog(None).find_named(name).map(|found| found.page.id.to_string());
    assert_eq!(by("order-routing-burn"), Some("order-routing-burn".to_owned()));
    assert_eq!(by("ORDER-ROUTING-BURN.md"), Some("order-routing-burn".to_owned()));
    assert_eq!(by(&format!("{PREFIX}kafkalaghigh.md")), Some("KafkaLagHigh".to_owned()));
    assert_eq!(by("nothing"), None);
}

#[test]
fn more_than_180_days_is_stale() {
    let verified = |text: &str| Page { verified: Some(date(text)), ..Page::default() };
    let today = date("2026-03-13");
    assert_eq!(Catalog::stale(&verified("2025-08-29"), today), Some(196));
    assert_eq!(Catalog::stale(&verified("2025-09-14"), today), None);
    assert_eq!(Catalog::stale(&verified("2025-09-13"), today), Some(181));
    assert_eq!(Catalog::stale(&Page::default(), today), None);
}

fn markdown() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(
        &[
            "---\n",
            "+++\n",
            "id: x\n",
            "# Diagnosis\n",
            "## Resolution\n",
            "- ",
            "1. ",
            "[ ] ",
            "  ",
            "> ",
            "```sh\n",
            "```\n",
            "\n",
            "**",
            "_",
            "`",
            "[a](b)",
            "| a | b |\n|---|---|\n",
            "<details>",
            "é",
            "\u{202e}",
            "\0",
            "text ",
            "![x](y)",
            "    ",
        ][..],
    );
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in prop_oneof![markdown(), "\\PC*", any::<String>()]) {
        let page = parse("x.md", &text);
        let numbers: Vec<u16> = page.steps().map(|step| step.number).collect();
        prop_assert_eq!(numbers, (1..=page.steps().count() as u16).collect::<Vec<_>>());
        for step in page.steps() {
            let is_step = matches!(&page.blocks[step.block], Block::Step { .. });
            prop_assert!(is_step);
        }
        for block in &page.blocks {
            if let Block::Step { number, command: Some(at), .. } = block {
                let is_its_code = matches!(&page.blocks[*at], Block::Code { step, .. } if *step == Some(*number));
                prop_assert!(is_its_code);
            }
        }
    }

    #[test]
    fn depth_costs_no_stack(depth in 1_usize..20_000, piece in prop::sample::select(&["> ", "- ", "[", "*", "<b>"][..])) {
        let page = parse("x.md", &format!("# Diagnosis\n{}x", piece.repeat(depth)));
        let deepest = page.blocks.iter().map(|block| match block {
            Block::Item { indent, .. } | Block::Step { indent, .. } => *indent,
            _ => 0,
        });
        prop_assert!(deepest.max().unwrap_or(0) <= 8);
    }
}
