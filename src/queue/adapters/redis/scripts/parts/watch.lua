-- watch: the part of a pass that keeps an eye on the front of the queue. It has presence's values from
-- the pass before; what this pass was told is in force from the next step on.

-- Who comes near the front has last been told to ask again in the slowest time, or sooner. `watched`
-- is the score of the last one who has been thought of: newcomers of the front stand behind it.
local function watchFront()
  -- Behind a front that has become shorter nobody's asking is kept, so what was kept of it is old.
  if watch and tonumber(ARGV[15]) < watchMax then
    forgetPresence()
  end
  redis.call("HSET", meta, "watch", table.concat({ unpack(ARGV, 11, 16) }, " "))
  local watched = redis.call("HGET", meta, "watched")
  local from = watched and "(" .. watched or "-inf"
  local known = watched and redis.call("ZCOUNT", waiting, "-inf", watched) or 0
  local room = math.min(tonumber(ARGV[10]), tonumber(ARGV[15]) - known)
  if room <= 0 then
    return
  end
  local come =
    redis.call("ZRANGE", waiting, from, "+inf", "BYSCORE", "LIMIT", 0, room, "WITHSCORES")
  local askBy = nowMs + tonumber(ARGV[13]) + tonumber(ARGV[14])
  for i = 1, #come, 2 do
    redis.call("HSETNX", present, come[i], string.format("%.0f:%.0f", askBy, known + (i + 1) / 2))
  end
  if #come > 0 then
    redis.call("HSET", meta, "watched", come[#come])
  end
end
