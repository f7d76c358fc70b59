//! The `stats` object that every query's answer carries. Nobody should read it: here its figures are invented.

use serde_json::{Value, json};

pub fn statistics(returned: usize) -> Value {
    let store = json!({
        "totalChunksRef": 0, "totalChunksDownloaded": 0, "chunksDownloadTime": 0,
        "queryReferencedStructuredMetadata": false, "queryUsedV2Engine": false,
        "chunk": {
            "headChunkBytes": 0, "headChunkLines": 0, "decompressedBytes": 0, "decompressedLines": 0,
            "compressedBytes": 0, "totalDuplicates": 0, "postFilterLines": 0,
            "headChunkStructuredMetadataBytes": 0, "decompressedStructuredMetadataBytes": 0,
        },
        "chunkRefsFetchTime": 0, "congestionControlLatency": 0, "pipelineWrapperFilteredLines": 0,
        "dataobj": {
            "prePredicateDecompressedRows": 0, "prePredicateDecompressedBytes": 0,
            "prePredicateDecompressedStructuredMetadataBytes": 0, "postPredicateRows": 0,
            "postPredicateDecompressedBytes": 0, "postPredicateStructuredMetadataBytes": 0, "postFilterRows": 0,
            "pagesScanned": 0, "pagesDownloaded": 0, "pagesDownloadedBytes": 0, "pageBatches": 0,
            "totalRowsAvailable": 0, "totalPageDownloadTime": 0,
        },
    });
    let cache = json!({
        "entriesFound": 0, "entriesRequested": 0, "entriesStored": 0, "bytesReceived": 0, "bytesSent": 0,
        "requests": 0, "downloadTime": 0, "queryLengthServed": 0,
    });
    json!({
        "summary": {
            "bytesProcessedPerSecond": 0, "linesProcessedPerSecond": 0, "totalBytesProcessed": 0,
            "totalLinesProcessed": returned, "execTime": 0.005, "queueTime": 0.0001, "subqueries": 0,
            "totalEntriesReturned": returned, "splits": 2, "shards": 2, "totalPostFilterLines": returned,
            "totalStructuredMetadataBytesProcessed": 0,
        },
        "querier": {"store": store, "querierExecTime": 0.004},
        "ingester": {
            "totalReached": 2, "totalChunksMatched": 0, "totalBatches": 2, "totalLinesSent": 0, "store": store,
            "recvWaitTime": 0.001,
        },
        "cache": {
            "chunk": cache, "index": cache, "result": cache, "statsResult": cache, "volumeResult": cache,
            "seriesResult": cache, "labelResult": cache, "instantMetricResult": cache,
        },
        "index": {
            "totalChunks": 0, "postFilterChunks": 0, "shardsDuration": 0, "usedBloomFilters": false,
            "totalStreams": 0, "chunkRefsLookupTime": 0, "bloomFilterTime": 0,
        },
    })
}
