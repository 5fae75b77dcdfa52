-- Forwards every radiograph that this Orthanc receives to Hilum by C-STORE, as one job each. A job that failed, because
-- Hilum was not there, is sent again by POST /jobs/{id}/resubmit.

local RADIOGRAPHS = { CR = true, DX = true }

function OnStoredInstance(instanceId, tags, metadata, origin)
   if RADIOGRAPHS[tags['Modality']] then
      RestApiPost('/modalities/hilum/store', DumpJson({ Resources = { instanceId }, Asynchronous = true }, true))
   end
end
