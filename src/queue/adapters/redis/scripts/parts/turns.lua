-- turns: the part of a pass that admits people: first who came back, then the front of the queue. Who is
-- absent is stepped over. Answers how many were admitted and stepped over, and the furthest place.
local function admitNext(free, peopleMax, sessionMs, claimMs)
  local wanted, admitted, absent = math.min(free, peopleMax), 0, 0
  local serving = tonumber(redis.call("HGET", meta, "serving") or 0)

  local function admit(user, slot)
    slot.state, slot.session, slot.hold, slot.reservation = "A", nowMs + sessionMs, 0, ""
    slot.claimBy = math.min(nowMs + claimMs, slot.session)
    keepActive(user, slot, slot.claimBy)
    redis.call("HDEL", present, user)
    note("ADMITTED", user, slot.place, slot.session)
    serving, admitted = math.max(serving, slot.place), admitted + 1
  end

  -- slotOf: what is kept of somebody, by his score.
  local function takeFrom(set, slotOf)
    while admitted < wanted and admitted + absent < peopleMax do
      local room = math.min(wanted - admitted, peopleMax - admitted - absent)
      local first = redis.call("ZPOPMIN", set, room)
      if #first == 0 then
        return
      end
      for i = 1, #first, 2 do
        local user, told = first[i], toldIfAbsent(first[i])
        local slot = slotOf(user, tonumber(first[i + 1]))
        if told then
          slot.told, absent = told, absent + 1
          setAside(user, slot)
        else
          -- Whatever he was told last was no smaller than this: positions only fall.
          slot.told = math.min(slot.told, (i + 1) / 2)
          admit(user, slot)
        end
      end
    end
  end
  takeFrom(returned, readSlot)
  takeFrom(waiting, function(user, score)
    return waitingSlot("S", placeAt(user, score), untold, 0)
  end)
  return admitted, absent, serving
end
