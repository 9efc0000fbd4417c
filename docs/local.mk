# The manual, one line a page.

dist_doc_DATA =
