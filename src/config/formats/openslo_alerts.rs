//! OpenSLO's alert policies: whose burn rate over which window calls somebody.

use super::block::Block;
use super::fields::Fields;
use super::promise::unreachable;
use super::shelf::{METADATA, Shelf};
use crate::config::duration as own;
use crate::config::problem::Problem;
use crate::domain::slo::{Objective, window_text};

/// The short window beside the long one: OpenSLO has no place for it.
pub(super) const SHORT: &str = "warroom/short-window";

/// Writes a pair of windows for each condition. What OpenSLO does not say, the short window, is a twelfth.
pub(super) fn alerts(spec: &Fields<'_>, shelf: &Shelf<'_>, block: &mut Block, target: Objective) {
    for policy in spec.tables("alertPolicies", &["alertPolicyRef", "kind", "metadata", "spec", "apiVersion"]) {
        let referred = policy.text("alertPolicyRef");
        let Some(wanted) = referred else {
            of_policy(&policy, shelf, block, target);
            continue;
        };
        let found = shelf
            .find("AlertPolicy", &wanted.value)
            .and_then(|(document, sink)| Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink));
        match found {
            Some(policy) => of_policy(&policy, shelf, block, target),
            None => {
                let message = format!("no AlertPolicy is called `{}` in these files", wanted.value);
                policy.problem(Problem::at(wanted.span, message).hint("name the file that holds it too"));
            }
        }
    }
}

fn of_policy(policy: &Fields<'_>, shelf: &Shelf<'_>, block: &mut Block, target: Objective) {
    let known = [
        "description",
        "alertWhenBreaching",
        "alertWhenResolved",
        "alertWhenNoData",
        "conditions",
        "notificationTargets",
    ];
    policy.table("metadata", &METADATA);
    let Some(spec) = policy.table("spec", &known) else { return };
    let conditions = spec.tables("conditions", &["conditionRef", "kind", "metadata", "spec", "apiVersion"]);
    if conditions.len() > 1 {
        spec.refuse("conditions", "more than one", "OpenSLO takes exactly one");
        return;
    }
    for condition in conditions {
        let Some(wanted) = condition.text("conditionRef") else {
            of_condition(&condition, block, target);
            continue;
        };
        let found = shelf
            .find("AlertCondition", &wanted.value)
            .and_then(|(document, sink)| Fields::open("", document, &["apiVersion", "kind", "metadata", "spec"], sink));
        match found {
            Some(condition) => {
                of_condition(&condition, block, target);
            }
            None => {
                let message = format!("no AlertCondition is called `{}` in these files", wanted.value);
                condition.problem(Problem::at(wanted.span, message).hint("name the file that holds it too"));
            }
        }
    }
}

fn of_condition(condition: &Fields<'_>, block: &mut Block, target: Objective) -> Option<()> {
    let metadata = condition.table("metadata", &METADATA);
    let spec = condition.table("spec", &["description", "severity", "condition"])?;
    let known = ["kind", "op", "threshold", "lookbackWindow", "alertAfter"];
    let Some(burn) = spec.table("condition", &known) else {
        return if spec.has("condition") { None } else { spec.missing("condition", "kind: burnrate") };
    };
    if !burn.text("kind").is_some_and(|kind| kind.value.eq_ignore_ascii_case("burnrate")) {
        burn.refuse("kind", "not known", "kind: burnrate");
        return None;
    }
    match burn.text("op").as_ref().map(|op| op.value.as_str()) {
        Some("gt") => {}
        Some("gte") => block.note("`gte` of a burn rate is read as `gt`: exactly the threshold calls nobody"),
        Some(_) => {
            burn.refuse("op", "a burn rate calls when it is above its threshold", "op: gt");
            return None;
        }
        None => return burn.missing("op", "gt"),
    }
    let Some(factor) = burn.text("threshold") else { return burn.missing("threshold", "14.4") };
    let Some(window) = burn.text("lookbackWindow") else { return burn.missing("lookbackWindow", "1h") };
    let Some(long) = own::parse(&window.value) else {
        burn.refuse("lookbackWindow", "not a duration", "lookbackWindow: 1h");
        return None;
    };
    let hold = burn.text("alertAfter").and_then(|after| own::parse(&after.value)).map(window_text);
    let severity = severity(&spec, block)?;
    let milli = factor.value.parse::<f64>().ok().filter(|factor| (0.0..1e6).contains(factor));
    let Some(milli) = milli else {
        burn.refuse("threshold", "not a burn rate", "threshold: 14.4");
        return None;
    };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it was checked to fit")]
    if let Some(note) = unreachable((milli * 1_000.0).round() as u64, long, target) {
        block.note(note);
        return None;
    }
    let (long, short) = (
        window_text(long),
        metadata.and_then(|metadata| {
            metadata.labels("annotations").into_iter().find(|(key, _)| *key == SHORT).map(|(_, found)| found.value)
        }),
    );
    let mut keys = vec![("long", long.as_str()), ("factor", factor.value.as_str()), ("severity", severity)];
    keys.extend(short.as_deref().map(|short| ("short", short)));
    keys.extend(hold.as_deref().map(|hold| ("hold", hold)));
    block.add_burn(&keys);
    Some(())
}

/// OpenSLO's severity is any word.
fn severity(spec: &Fields<'_>, block: &mut Block) -> Option<&'static str> {
    let Some(found) = spec.text("severity") else { return spec.missing("severity", "page") };
    match found.value.to_ascii_lowercase().as_str() {
        "page" | "critical" | "high" | "emergency" => Some("page"),
        "ticket" | "warning" | "medium" | "low" => Some("ticket"),
        "notify" | "info" => Some("notify"),
        _ => {
            block.note(format!("severity {} is read as notify", found.value));
            Some("notify")
        }
    }
}
