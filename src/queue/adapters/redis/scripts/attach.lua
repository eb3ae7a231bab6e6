-- attach: writes the epoch that the instances and the database have agreed on, unless a newer one is there.
-- KEYS                the keys of the queue
-- ARGV[1] epoch       integer
-- ARGV[2] recoveryMs  ms to wait for users whose places may be lost; 0: no user had a place
-- ARGV[3] retentionMs      ms for which the keys stay if no pass ever sees the queue
-- ARGV[4] waitingList  "1": the waiting list of the queue has begun
-- returns "newer": a newer epoch is there, and nothing was done
-- returns "attached"
-- atomic because a step in the new epoch must never see numbers or presence of the old one
-- cost O(1)
local mark = tonumber(redis.call("GET", epochKey) or "0")
local epoch = tonumber(ARGV[1])
if mark > epoch then
  return { "newer" }
end
if mark < epoch then
  -- Numbers begin again: the epoch alone puts places of the new epoch behind all older ones.
  redis.call("SET", epochKey, ARGV[1], "KEEPTTL")
  redis.call("DEL", seqKey)
  if mark == 0 then
    -- Reading a queue that is over, or that opens much later, leaves keys that go by themselves.
    redis.call("HSET", metaKey, "expiresAt", "0")
    redis.call("PEXPIRE", epochKey, ARGV[3])
    redis.call("PEXPIRE", metaKey, ARGV[3])
  end
  if ARGV[4] == "1" then
    redis.call("HSETNX", metaKey, "waitingListAt", "1")
  end
  if ARGV[2] ~= "0" then
    redis.call("HSET", metaKey, "recoveryUntil", "-" .. ARGV[2])
    redis.call("HDEL", metaKey, "rebuilt", "trackedThroughScore")
    redis.call("UNLINK", presenceKey)
  end
end
return { "attached" }
