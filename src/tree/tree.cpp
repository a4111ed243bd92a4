// SPDX-License-Identifier: MIT
#include "icloudphotos/tree/tree.h"

#include <algorithm>
#include <functional>
#include <unordered_map>
#include <utility>

#include "icloudphotos/base/log.h"
#include "icloudphotos/base/mutex.h"

#include "builder.h"
#include "claims.h"
#include "inodes.h"
#include "keys.h"
#include "layout.h"
#include "snapshot.h"

namespace icloudphotos::tree {
namespace {

constexpr Log log{"tree"};

std::string_view wished_name(Library::Kind kind) {
  return kind == Library::Kind::Personal ? "Personal Library" : "Shared Library";
}

DirectoryNode root_of(const Snapshot& next, const std::vector<std::string>& names) {
  Directory directory{.inode = kRootInode, .parent = kRootInode, .complete = !next.libraries.empty(), .entries = {}};
  DirectoryNode root;
  for (std::size_t i = 0; i < next.libraries.size(); ++i) {
    const DirectoryNode& top = next.libraries[i]->top();
    directory.entries.push_back({names[i], top.listing->inode, NodeKind::Directory});
    root.newest_s = std::max(root.newest_s, top.newest_s);
    ++root.links;
  }
  std::sort(directory.entries.begin(), directory.entries.end(),
            [](const Entry& a, const Entry& b) { return a.name < b.name; });
  root.listing = std::make_shared<const Directory>(std::move(directory));
  return root;
}

/// What there is before anything is known.
std::shared_ptr<const Snapshot> nothing() {
  auto snapshot = std::make_shared<Snapshot>();
  snapshot->root = root_of(*snapshot, {});
  return snapshot;
}

/// The tree of a catalog.
class CatalogTree final : public Tree {
 public:
  CatalogTree(catalog::Catalog& catalog, Clock& clock, const TreeOptions& options)
      : catalog_{catalog}, clock_{clock}, layout_{options.layout} {}

  [[nodiscard]] Result<void> start() {
    inodes_.restore(TRY(catalog_.inodes()));
    TRY(refresh({}));
    return {};
  }

  [[nodiscard]] std::shared_ptr<const Directory> directory(Inode inode) const override {
    const auto now = snapshot();
    const DirectoryNode* found = now->find_directory(inode);
    return found == nullptr ? nullptr : found->listing;
  }

  [[nodiscard]] std::optional<Node> node(Inode inode) const override {
    const auto now = snapshot();
    if (const auto [library, file] = now->find_file(inode); file != nullptr) return library->node(*file);
    if (const DirectoryNode* found = now->find_directory(inode)) return found->node();
    return std::nullopt;
  }

  [[nodiscard]] std::optional<ResourceRef> resource(Inode inode) const override {
    const auto now = snapshot();
    const auto [library, file] = now->find_file(inode);
    if (file == nullptr) return std::nullopt;
    return library->resource(*file);
  }

  [[nodiscard]] Totals totals() const override {
    Totals sum;
    for (const auto now = snapshot(); const auto& library : now->libraries) {
      sum.bytes += library->totals().bytes;
      sum.files += library->totals().files;
      sum.waiting += library->totals().waiting;
    }
    return sum;
  }

  [[nodiscard]] Result<Stale> refresh(const catalog::ChangeSet& changes) override;

 private:
  /// What a library keeps from one snapshot to the next.
  struct Kept {
    Claims claims;
    bool was_listed = false;  ///< Once complete it stays so, also while it is read anew.
    bool outdated = false;    ///< What is published is not what the catalog knows.
  };

  [[nodiscard]] std::shared_ptr<const Snapshot> snapshot() const EXCLUDES(mutex_) {
    const Lock lock{mutex_};
    return snapshot_;
  }
  [[nodiscard]] Result<void> meet(const std::vector<catalog::LibraryState>& states);
  [[nodiscard]] Result<std::shared_ptr<const LibraryTree>> rebuild(const catalog::LibraryState& state, std::string name,
                                                                   const Snapshot& before, const Snapshot& next);
  [[nodiscard]] Result<void> remember();

  catalog::Catalog& catalog_;
  Clock& clock_;
  Layout layout_;

  // Of whoever refreshes.
  Inodes inodes_;
  Claims library_names_;
  bool names_restored_ = false;
  std::unordered_map<LibraryId, Kept> kept_;
  std::vector<catalog::InodeRow> inode_rows_;  ///< Not written yet, should writing fail.
  std::vector<catalog::ClaimRow> claim_rows_;

  mutable Mutex mutex_;  ///< for the pointer only: whoever looks something up copies it and lets go
  std::shared_ptr<const Snapshot> snapshot_ GUARDED_BY(mutex_) = nothing();
};

Result<Stale> CatalogTree::refresh(const catalog::ChangeSet& changes) {
  std::vector<catalog::LibraryState> states = TRY(catalog_.libraries());
  std::sort(states.begin(), states.end(), [](const catalog::LibraryState& a, const catalog::LibraryState& b) {
    return std::pair{a.library.kind, a.library.id} < std::pair{b.library.kind, b.library.id};
  });
  TRY(meet(states));

  const auto before = snapshot();
  auto next = std::make_shared<Snapshot>();
  std::vector<std::string> names;
  library_names_.begin();
  const auto root = library_names_.directory(kLibrariesKey, Naming::Directory);
  for (const catalog::LibraryState& state : states) {
    const Library& library = state.library;
    names.push_back(library_names_.claim(root, library.id.value, clock_.now(),
                                         [&] { return std::string{wished_name(library.kind)}; }));
    Kept& kept = kept_[library.id];
    kept.outdated =
        kept.outdated || (changes.library == library.id && !changes.empty()) || state.listed > kept.was_listed;
    kept.was_listed = kept.was_listed || state.listed;
    const auto known = std::find_if(before->libraries.begin(), before->libraries.end(),
                                    [&](const auto& candidate) { return candidate->id() == library.id; });
    if (known != before->libraries.end() && !(kept.outdated && kept.was_listed)) {
      next->libraries.push_back(*known);
      continue;
    }
    next->libraries.push_back(TRY(rebuild(state, names.back(), *before, *next)));
  }
  library_names_.finish(clock_.now());
  next->root = root_of(*next, names);
  TRY(remember());

  Stale stale = difference(*before, *next);
  for (auto& [id, kept] : kept_) kept.outdated = false;
  const Lock lock{mutex_};
  snapshot_ = std::move(next);
  return stale;
}

/// Learns of libraries that are new, with the names they gave out in earlier runs; forgets those that are gone.
Result<void> CatalogTree::meet(const std::vector<catalog::LibraryState>& states) {
  const auto is_known = [&](const LibraryId& id) {
    return std::any_of(states.begin(), states.end(), [&](const auto& state) { return state.library.id == id; });
  };
  std::erase_if(kept_, [&](const auto& entry) { return !is_known(entry.first); });
  const bool news =
      std::any_of(states.begin(), states.end(), [&](const auto& state) { return !kept_.contains(state.library.id); });
  if (!news && names_restored_) return {};
  const std::vector<catalog::ClaimRow> rows = TRY(catalog_.claims());
  for (const catalog::LibraryState& state : states) {
    const auto [kept, added] = kept_.try_emplace(state.library.id);
    if (!added) continue;
    for (const catalog::ClaimRow& row : rows) {
      if (is_key_of(state.library.id, row.directory)) {
        kept->second.claims.restore(row, naming_of(state.library.id, row.directory));
      }
    }
  }
  for (const catalog::ClaimRow& row : rows) {
    if (!names_restored_ && row.directory == kLibrariesKey) library_names_.restore(row, Naming::Directory);
  }
  names_restored_ = true;
  return {};
}

Result<std::shared_ptr<const LibraryTree>> CatalogTree::rebuild(const catalog::LibraryState& state, std::string name,
                                                                const Snapshot& before, const Snapshot& next) {
  const Library& library = state.library;
  Kept& kept = kept_[library.id];
  const std::function<bool(const Number&)> taken = [&](const Number& number) {
    const auto takes = [&](const auto& other) { return other->taken(number); };
    return std::any_of(before.libraries.begin(), before.libraries.end(), takes) ||
           std::any_of(next.libraries.begin(), next.libraries.end(), takes);
  };
  const BuildSetting setting{.catalog = catalog_,
                             .layout = layout_,
                             .now = clock_.now(),
                             .claims = kept.claims,
                             .inodes = inodes_,
                             .taken = taken};
  LibraryBuilder builder{setting, library, std::move(name), before.find_library(library.id)};
  if (!kept.was_listed) return builder.build_incomplete();
  auto built = TRY(builder.build());
  log.debug("tree built files={} waiting={} bytes_of_memory={}", built->totals().files, built->totals().waiting,
            built->memory_bytes() + kept.claims.memory_bytes());
  return built;
}

/// Writes what must outlive us. Nothing is shown before it is written: another run would call it something else.
Result<void> CatalogTree::remember() {
  const auto append = [](auto& to, auto&& from) { std::move(from.begin(), from.end(), std::back_inserter(to)); };
  append(inode_rows_, inodes_.take_rows());
  append(claim_rows_, library_names_.take_rows());
  for (auto& [id, kept] : kept_) append(claim_rows_, kept.claims.take_rows());
  if (inode_rows_.empty() && claim_rows_.empty()) return {};
  TRY(catalog_.put_tree_rows(inode_rows_, claim_rows_));
  inode_rows_ = {};
  claim_rows_ = {};
  return {};
}

}  // namespace

const Entry* Directory::find(std::string_view name) const {
  const auto found = std::lower_bound(entries.begin(), entries.end(), name,
                                      [](const Entry& entry, std::string_view wanted) { return entry.name < wanted; });
  return found != entries.end() && found->name == name ? &*found : nullptr;
}

Result<std::unique_ptr<Tree>> Tree::load(catalog::Catalog& catalog, Clock& clock, TreeOptions options) {
  auto tree = std::make_unique<CatalogTree>(catalog, clock, options);
  TRY(tree->start());
  return std::unique_ptr<Tree>{std::move(tree)};
}

}  // namespace icloudphotos::tree
