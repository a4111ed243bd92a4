// SPDX-License-Identifier: MIT
#pragma once

#include "lines.h"
#include "records.h"

namespace icloudphotos::demo {

/// One page of a list of photos: which records are on it and where the next begins.
struct ListPage {
  std::vector<Line> lines;
  std::int64_t next_rank = 0;
  bool more = false;
};

/// What a page is cut from.
struct ListPlace {
  std::string index;                   ///< its name
  std::shared_ptr<const Album> album;  ///< none: not the list of an album
  std::int64_t rank = 0;
  int step = 1;  ///< -1: descending
  std::int64_t limit = 200;
};

[[nodiscard]] ListPage cut_page(const Zone& zone, const ListPlace& place, const AnswerContext& context);

}  // namespace icloudphotos::demo
