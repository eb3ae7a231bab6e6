-- attach: write the epoch that the database has agreed on, unless a newer one stands.
-- ARGV[1] epoch       integer
-- ARGV[2] recoveryMs  ms to wait for people when some may have been lost; 0: there were none
-- ARGV[3] restMs      ms for which a queue lives that no pass sees
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
  redis.call("SET", epochMark, ARGV[1], "KEEPTTL")
  redis.call("DEL", seq)
  if mark == 0 then
    -- Of a concert that is over, or far from its opening, a look leaves nothing for good: see rest.
    redis.call("HSET", meta, "rests", "0")
    redis.call("PEXPIRE", epochMark, ARGV[3])
    redis.call("PEXPIRE", meta, ARGV[3])
  end
  if ARGV[2] ~= "0" then
    redis.call("HSET", meta, "recovering", "-" .. ARGV[2])
    redis.call("HDEL", meta, "rebuilt", "watched")
    redis.call("UNLINK", present)
  end
end
return { "attached" }
