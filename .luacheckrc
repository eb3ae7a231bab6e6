-- Each script is checked as Redis runs it: composed with its parts (src/platform/redis/compose.ts).
std = "lua51"
read_globals = { "KEYS", "ARGV", "redis", "cjson" }
max_line_length = 100
max_comment_line_length = 120
max_cyclomatic_complexity = 20
