-- presence: when whoever stands near the front of the queue will be missed.
-- present keeps of each the moment and the position that he was told last, as askBy:told. It is kept
-- for as many people as each pass says (watch of meta), because all the others need not be known.
local askPerPlaceMs, askNearMs, askSlowestMs, graceMs, watchMax, silenceMs
local watch = redis.call("HGET", meta, "watch")
if watch then
  askPerPlaceMs, askNearMs, askSlowestMs, graceMs, watchMax, silenceMs =
    string.match(watch, "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
  -- What another version has kept says nothing; the next pass says it anew.
  watch = askPerPlaceMs
  askPerPlaceMs, askNearMs = tonumber(askPerPlaceMs), tonumber(askNearMs)
  askSlowestMs, graceMs = tonumber(askSlowestMs), tonumber(graceMs)
  watchMax, silenceMs = tonumber(watchMax), tonumber(silenceMs)
end

-- He has been told to ask again, at the latest in the time that goes with his position.
local function expect(user, rank, told)
  if watch and rank < watchMax then
    local nearMs = recoversAtMs and askSlowestMs or math.max(askNearMs, told * askPerPlaceMs)
    local askBy = nowMs + math.min(askSlowestMs, nearMs) + graceMs
    redis.call("HSET", present, user, string.format("%.0f:%.0f", askBy, told))
  end
end

-- The position that somebody was told last, if he is past the moment; else nil.
local function toldIfAbsent(user)
  local askBy, told = string.match(redis.call("HGET", present, user) or "", "^(%d+):(%d+)$")
  return askBy and nowMs >= tonumber(askBy) and tonumber(told) or nil
end
