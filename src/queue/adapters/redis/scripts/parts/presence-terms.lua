-- presenceTerms: the terms that a pass has left in meta; nil before the first pass, and when another
-- version wrote them: the next pass writes them anew.
-- returns a table: text, askPerPlaceMs, askNearMs, askSlowestMs, graceMs, watchMax, silenceMs; see admit
local function presenceTerms(text)
  local perPlaceMs, nearMs, slowestMs, graceMs, watchMax, silenceMs =
    string.match(text or "", "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
  if not perPlaceMs then
    return nil
  end
  return {
    text = text, askPerPlaceMs = tonumber(perPlaceMs), askNearMs = tonumber(nearMs),
    askSlowestMs = tonumber(slowestMs), graceMs = tonumber(graceMs),
    watchMax = tonumber(watchMax), silenceMs = tonumber(silenceMs),
  }
end
