-- appendJournal: notes an event of a place until the database has it; see writeMember.
-- kind     ADMITTED | STEPPED_OVER | RETURNED, or the reason of an end
-- untilMs  epoch ms, end of the session, of an admission; else 0
-- @use append-entries
local function appendJournal(queue, kind, user, place, untilMs)
  local entry = { kind = kind, user = user, place = place, untilMs = untilMs }
  if step.slots[user] == nil then
    appendEntries(queue, { entry })
    return
  end
  step.entries[#step.entries + 1] = entry
end
