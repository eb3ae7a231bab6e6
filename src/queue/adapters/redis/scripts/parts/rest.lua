-- rest: the keys of a queue that is over live on for a while, then Redis forgets them; those of a queue
-- that goes on have no end. rests of meta says until when they live; it is there while they have an end.
-- Often enough to be far from the end, and seldom enough to cost nothing.
local renewedAfterMs = 3600000

-- Over: nobody will be admitted, nobody is ACTIVE or away, and the database has all that was noted.
local function restOrGoOn(isFinal, restMs)
  local rests = tonumber(redis.call("HGET", meta, "rests"))
  local isOver = isFinal and redis.call("EXISTS", waiting, returned, aside, active, journal) == 0
  if isOver and (not rests or nowMs + restMs - rests >= renewedAfterMs) then
    redis.call("HSET", meta, "rests", string.format("%.0f", nowMs + restMs))
    -- The same moment for all of them, by the clock that Redis goes by.
    redis.call("PEXPIRE", KEYS[1], restMs)
    local untilMs = redis.call("PEXPIRETIME", KEYS[1])
    for i = 2, 15 do
      redis.call("PEXPIREAT", KEYS[i], string.format("%.0f", untilMs))
    end
  elseif rests and not isOver then
    redis.call("HDEL", meta, "rests")
    for i = 1, 15 do
      redis.call("PERSIST", KEYS[i])
    end
  end
end
