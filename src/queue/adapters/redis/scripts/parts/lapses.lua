-- lapses: the part of a pass that ends what is over. Answers how many lapsed, how many were stepped
-- over, and whether there may be more of either.
local function endWhatIsOver(peopleMax, isFinal)
  local lapses = { ["lapsed"] = 0, ["stepped-over"] = 0, ["kept"] = 0 }
  local over = redis.call("ZRANGE", active, "-inf", nowMs, "BYSCORE", "LIMIT", 0, peopleMax)
  for _, user in ipairs(over) do
    local how = lapse(user, readSlot(user))
    lapses[how] = lapses[how] + 1
  end
  local more = #over == peopleMax
  if isFinal then
    redis.call("UNLINK", waiting, present)
    redis.call("HDEL", meta, "watched")
    for _, set in ipairs({ aside, returned }) do
      local users = redis.call("ZPOPMIN", set, peopleMax)
      more = more or #users == 2 * peopleMax
      for i = 1, #users, 2 do
        redis.call("HDEL", slots, users[i])
      end
    end
  end
  return lapses["lapsed"], lapses["stepped-over"], more
end
