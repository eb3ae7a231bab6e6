-- Checked as Redis runs them: each script with the parts that its `-- @use` lines name (scripts/check/lua.ts).
std = "lua51"
read_globals = { "KEYS", "ARGV", "redis", "cjson" }
max_line_length = 100
max_comment_line_length = 120
max_cyclomatic_complexity = 20
