// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "icloudphotos/base/json.h"
#include "icloudphotos/base/result.h"

#include "cloud/decode.h"

/// Answers of the service of classic shared albums as values. Shapes and errors as in decode.h.
///
/// Source    protocol/photos.md 17.1.
namespace icloudphotos::cloud {

struct StreamAlbum {
  std::string guid;
  std::string name;
  std::string tag;       ///< Another one when anything in the album changed; empty: nobody says.
  std::string location;  ///< Where it is to be asked for, with a slash at the end; empty: where the albums are listed.
  bool operator==(const StreamAlbum&) const = default;
};
/// `webgetalbumslist`. Albums without an id are left out.
[[nodiscard]] Result<std::vector<StreamAlbum>> decode_stream_albums(JsonView answer);

/// `webgetassetcount`; nothing: it does not say.
[[nodiscard]] std::optional<std::int64_t> decode_stream_count(JsonView answer);

/// `webgetassets`. A photo whose file is only there as a preview has that for its original; a photo without a date has
/// the one of its file.
[[nodiscard]] Result<RecordsPage> decode_stream_window(JsonView answer);

}  // namespace icloudphotos::cloud
