# The manual, one line a page.

dist_doc_DATA =
dist_doc_DATA += %D%/access-log.md
dist_doc_DATA += %D%/limits.md
dist_doc_DATA += %D%/conformance.md
dist_doc_DATA += %D%/memory.md
dist_doc_DATA += %D%/getting-started.md
dist_doc_DATA += %D%/routing.md
dist_doc_DATA += %D%/middleware.md
dist_doc_DATA += %D%/requests.md
dist_doc_DATA += %D%/answers.md
dist_doc_DATA += %D%/uploads.md
dist_doc_DATA += %D%/streaming.md
dist_doc_DATA += %D%/json-rpc.md
dist_doc_DATA += %D%/compression.md
dist_doc_DATA += %D%/threads.md
dist_doc_DATA += %D%/digests.md
dist_doc_DATA += %D%/realtime.md
dist_doc_DATA += %D%/shutdown.md
dist_doc_DATA += %D%/systemd.md
dist_doc_DATA += %D%/performance.md
dist_doc_DATA += %D%/demo.md
dist_doc_DATA += %D%/soak.md
dist_doc_DATA += %D%/static-files.md
