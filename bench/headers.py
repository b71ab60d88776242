"""What the bench's server and its client say to each other. Apart, so that the client need not start Django."""

SECONDS, QUERIES = "Bench-Seconds", "Bench-Queries"
# Counting costs a little on every query, so it is done only for a request that asks for it.
COUNT_HEADER = "Bench-Count"
COUNT = "HTTP_BENCH_COUNT"
