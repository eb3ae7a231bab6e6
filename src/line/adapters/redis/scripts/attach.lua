-- attach: write the epoch that the database has agreed on, unless a newer one stands.
-- ARGV[1] epoch  integer
-- returns "attached" | "newer"
-- cost O(1)
local epochMark, seq = KEYS[1], KEYS[2]
local mark = tonumber(redis.call("GET", epochMark) or "0")
local epoch = tonumber(ARGV[1])
if mark > epoch then
  return { "newer" }
end
if mark < epoch then
  -- Numbers begin again in a new epoch: its places stand behind all older ones by the epoch alone.
  redis.call("SET", epochMark, ARGV[1])
  redis.call("DEL", seq)
end
return { "attached" }
