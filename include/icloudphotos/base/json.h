// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "icloudphotos/base/result.h"

namespace icloudphotos {

/// A JSON value, or nothing. Asking a value for what it is not gives nothing, whatever the far side sent.
///
/// Shapes    `view["a"]["b"].text()`: a missing member, a wrong type and null all end in std::nullopt.
///           Members that occur twice: the first counts.
/// Lifetime  A view and the string_views it gives live as long as their JsonDocument.
class JsonView {
 public:
  JsonView() = default;

  [[nodiscard]] JsonView operator[](std::string_view member) const;
  [[nodiscard]] JsonView at(std::size_t index) const;
  /// Number of elements of an array or members of an object; 0 for anything else.
  [[nodiscard]] std::size_t size() const;

  [[nodiscard]] bool exists() const { return value_ != nullptr; }  ///< Present, perhaps null.
  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;

  [[nodiscard]] std::optional<std::string_view> text() const;
  /// A whole number; tolerates one in a string ("42"), a whole double, and true/false as 1/0.
  [[nodiscard]] std::optional<std::int64_t> integer() const;
  [[nodiscard]] std::optional<double> number() const;
  /// true/false, or a number that is not 0.
  [[nodiscard]] std::optional<bool> boolean() const;

  /// Calls `visit` for each element of an array, in order.
  void each(const std::function<void(JsonView element)>& visit) const;
  /// Calls `visit` for each member of an object, in order.
  void each_member(const std::function<void(std::string_view name, JsonView value)>& visit) const;
  /// The value as compact JSON text; empty for nothing.
  [[nodiscard]] std::string dump() const;

 private:
  friend class JsonDocument;
  explicit JsonView(const void* value) : value_{value} {}
  const void* value_ = nullptr;  // a rapidjson::Value; its header stays in json.cpp
};

/// A parsed JSON text.
class JsonDocument {
 public:
  /// Parses at most 64 MiB of UTF-8 JSON, iteratively and at most 64 deep. Errors: Protocol.
  [[nodiscard]] static Result<JsonDocument> parse(std::string_view text);

  JsonDocument(JsonDocument&&) noexcept;
  JsonDocument& operator=(JsonDocument&&) noexcept;
  ~JsonDocument();

  [[nodiscard]] JsonView root() const;
  [[nodiscard]] JsonView operator[](std::string_view member) const { return root()[member]; }

 private:
  struct State;
  explicit JsonDocument(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// Writes JSON text, one call a token: `JsonWriter{}.object().key("a").value(1).end().take()`.
/// `end()` closes the innermost open object or array.
class JsonWriter {
 public:
  JsonWriter();
  JsonWriter(JsonWriter&&) noexcept;
  JsonWriter& operator=(JsonWriter&&) noexcept;
  ~JsonWriter();

  JsonWriter& object();
  JsonWriter& array();
  JsonWriter& end();
  JsonWriter& key(std::string_view name);
  JsonWriter& value(std::string_view text);
  JsonWriter& value(const char* text) { return value(std::string_view{text}); }
  JsonWriter& value(const std::string& text) { return value(std::string_view{text}); }
  JsonWriter& value(std::int64_t number);
  JsonWriter& value(std::uint64_t number);
  JsonWriter& value(int number) { return value(std::int64_t{number}); }
  JsonWriter& value(double number);
  JsonWriter& value(bool truth);
  JsonWriter& null();
  /// Puts in text that is JSON already.
  JsonWriter& raw(std::string_view json);
  /// `key(name)` and `value(v)` in one.
  template <class T>
  JsonWriter& member(std::string_view name, const T& v) {
    return key(name).value(v);
  }
  /// The text written so far; the writer is empty afterwards.
  [[nodiscard]] std::string take();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace icloudphotos
