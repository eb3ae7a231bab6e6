-- attach: write the epoch that the database has agreed on, unless a newer one stands.
-- ARGV[1] epoch       integer
-- ARGV[2] recoveryMs  ms to wait for people when some may have been lost; 0: there were none
-- returns "attached" | "newer"
-- cost O(1)
local epochMark, seq, meta, present = KEYS[1], KEYS[2], KEYS[11], KEYS[15]
local mark = tonumber(redis.call("GET", epochMark) or "0")
local epoch = tonumber(ARGV[1])
if mark > epoch then
  return { "newer" }
end
if mark < epoch then
  -- Numbers begin again in a new epoch: its places stand behind all older ones by the epoch alone.
  redis.call("SET", epochMark, ARGV[1])
  redis.call("DEL", seq)
  if ARGV[2] ~= "0" then
    redis.call("HSET", meta, "recovering", "-" .. ARGV[2])
    redis.call("HDEL", meta, "rebuilt", "watched")
    redis.call("UNLINK", present)
  end
end
return { "attached" }
