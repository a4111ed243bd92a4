// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <iterator>
#include <vector>

#include "icloudphotos/catalog/catalog.h"

namespace icloudphotos::sync {

/// Gathers what several writes changed, for one piece of news.
class ChangeLog {
 public:
  /// `Nothing`: a library nobody shows yet; a list of a million ids would be of use to nobody.
  enum class Keep { Everything, Nothing };
  explicit ChangeLog(LibraryId library, Keep keep = Keep::Everything) : keep_{keep} {
    all_.library = std::move(library);
  }

  void add(catalog::ChangeSet&& changes) {
    if (keep_ == Keep::Nothing) return;
    append(all_.assets, std::move(changes.assets));
    append(all_.albums, std::move(changes.albums));
  }
  [[nodiscard]] bool empty() const { return all_.empty(); }
  /// Each thing once.
  [[nodiscard]] catalog::ChangeSet take() {
    sort_unique(all_.assets);
    sort_unique(all_.albums);
    return std::move(all_);
  }

 private:
  template <class T>
  static void append(std::vector<T>& to, std::vector<T>&& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
  template <class T>
  static void sort_unique(std::vector<T>& values) {
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
  }

  Keep keep_;
  catalog::ChangeSet all_;
};

}  // namespace icloudphotos::sync
