-- endPlace: ends the live place of a user for good, counts the reason, and notes it in the journal.
-- @use append-journal
-- @use count-up
-- @use is-lobby-place
-- @use remove-place
-- @use save-end
-- @use save-lobby-place
local function endPlace(queue, user, place, reason)
  if isLobbyPlace(queue, place) then
    saveLobbyPlace(user, place)
  end
  local waiting, active = removePlace(user)
  countUp(user, "leftWaiting", waiting)
  countUp(user, "turnsEnded", active)
  saveEnd(user, place, reason)
  countUp(user, reason, 1)
  appendJournal(queue, reason, user, place, 0)
end
