-- trackFront: the part of a pass that gives each user who comes near the front a time to ask by.
-- Such a user was last told to ask again within pollSlowestMs. `trackedThroughScore` of meta is the score of the
-- last user who was given a time: newcomers of the front stand behind it. The terms are in force from the next
-- step on.
-- @use clear-presence
local function trackFront(queue, terms, peopleMax)
  -- Presence is not kept behind a front that has become shorter, so what is there is out of date.
  if queue.presence and terms.trackedMax < queue.presence.trackedMax then
    clearPresence()
  end
  redis.call("HSET", metaKey, "presenceTerms", terms.text)
  local tracked = redis.call("HGET", metaKey, "trackedThroughScore")
  local from = tracked and "(" .. tracked or "-inf"
  local known = tracked and redis.call("ZCOUNT", waitingKey, "-inf", tracked) or 0
  local room = math.min(peopleMax, terms.trackedMax - known)
  if room <= 0 then
    return
  end
  local come =
    redis.call("ZRANGE", waitingKey, from, "+inf", "BYSCORE", "LIMIT", 0, room, "WITHSCORES")
  local pollByMs = queue.nowMs + terms.pollSlowestMs + terms.graceMs
  for i = 1, #come, 2 do
    redis.call("HSETNX", presenceKey, come[i],
      string.format("%.0f:%.0f", pollByMs, known + (i + 1) / 2))
  end
  if #come > 0 then
    redis.call("HSET", metaKey, "trackedThroughScore", come[#come])
  end
end
