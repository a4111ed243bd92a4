// SPDX-License-Identifier: MIT
#include "icloudphotos/base/json.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <vector>

#ifdef __SSE2__
#define RAPIDJSON_SSE2  // sixteen bytes of a string at a time
#endif
#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/reader.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include "icloudphotos/base/text.h"

namespace icloudphotos {
namespace {

constexpr std::size_t kMaxBytes = std::size_t{64} << 20;
constexpr int kMaxDepth = 64;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
/// Zeroes behind the text: its end, and what is read together with that.
constexpr std::size_t kPadding = 32;

const rapidjson::Value& value_of(const void* value) { return *static_cast<const rapidjson::Value*>(value); }

/// Builds the document, and stops the parser where nesting passes any sane answer's.
class DepthGuard {
 public:
  explicit DepthGuard(rapidjson::Document& document) : document_{document} {}

  bool Null() { return document_.Null(); }
  bool Bool(bool b) { return document_.Bool(b); }
  bool Int(int i) { return document_.Int(i); }
  bool Uint(unsigned u) { return document_.Uint(u); }
  bool Int64(std::int64_t i) { return document_.Int64(i); }
  bool Uint64(std::uint64_t u) { return document_.Uint64(u); }
  bool Double(double d) { return document_.Double(d); }
  bool RawNumber(const char* s, rapidjson::SizeType n, bool c) { return document_.RawNumber(s, n, c); }
  bool String(const char* s, rapidjson::SizeType n, bool c) { return document_.String(s, n, c); }
  bool Key(const char* s, rapidjson::SizeType n, bool c) { return document_.Key(s, n, c); }
  bool StartObject() { return ++depth_ <= kMaxDepth && document_.StartObject(); }
  bool EndObject(rapidjson::SizeType n) { return --depth_, document_.EndObject(n); }
  bool StartArray() { return ++depth_ <= kMaxDepth && document_.StartArray(); }
  bool EndArray(rapidjson::SizeType n) { return --depth_, document_.EndArray(n); }

 private:
  rapidjson::Document& document_;
  int depth_ = 0;
};

}  // namespace

JsonView JsonView::operator[](std::string_view member) const {
  if (!is_object()) return {};
  const rapidjson::Value name{rapidjson::StringRef(member.data() ? member.data() : "", member.size())};
  const auto& object = value_of(value_);
  const auto found = object.FindMember(name);
  return found == object.MemberEnd() ? JsonView{} : JsonView{&found->value};
}

JsonView JsonView::at(std::size_t index) const {
  if (!is_array() || index >= size()) return {};
  return JsonView{&value_of(value_)[static_cast<rapidjson::SizeType>(index)]};
}

std::size_t JsonView::size() const {
  if (is_array()) return value_of(value_).Size();
  return is_object() ? value_of(value_).MemberCount() : 0;
}

bool JsonView::is_null() const { return value_ && value_of(value_).IsNull(); }
bool JsonView::is_object() const { return value_ && value_of(value_).IsObject(); }
bool JsonView::is_array() const { return value_ && value_of(value_).IsArray(); }

std::optional<std::string_view> JsonView::text() const {
  if (!value_ || !value_of(value_).IsString()) return std::nullopt;
  return std::string_view{value_of(value_).GetString(), value_of(value_).GetStringLength()};
}

std::optional<std::int64_t> JsonView::integer() const {
  if (!value_) return std::nullopt;
  const auto& value = value_of(value_);
  if (value.IsInt64()) return value.GetInt64();
  if (value.IsBool()) return value.GetBool() ? 1 : 0;
  if (value.IsDouble()) {
    const double number = value.GetDouble();
    // 2^63 as a double is exact; beyond it the conversion would be undefined.
    if (std::trunc(number) == number && std::abs(number) < 9.2233720368547758e18)
      return static_cast<std::int64_t>(number);
    return std::nullopt;
  }
  if (const auto digits = text()) {
    std::int64_t number = 0;
    const auto* end = digits->data() + digits->size();
    const auto [stopped, error] = std::from_chars(digits->data(), end, number);
    if (error == std::errc{} && stopped == end && !digits->empty()) return number;
  }
  return std::nullopt;
}

std::optional<double> JsonView::number() const {
  if (!value_ || !value_of(value_).IsNumber()) return std::nullopt;
  return value_of(value_).GetDouble();
}

std::optional<bool> JsonView::boolean() const {
  const auto number = integer();
  return number ? std::optional{*number != 0} : std::nullopt;
}

void JsonView::each(const std::function<void(JsonView)>& visit) const {
  if (!is_array()) return;
  for (const auto& element : value_of(value_).GetArray()) visit(JsonView{&element});
}

void JsonView::each_member(const std::function<void(std::string_view, JsonView)>& visit) const {
  if (!is_object()) return;
  for (const auto& member : value_of(value_).GetObject()) {
    visit({member.name.GetString(), member.name.GetStringLength()}, JsonView{&member.value});
  }
}

std::string JsonView::dump() const {
  if (!value_) return {};
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  value_of(value_).Accept(writer);
  return {buffer.GetString(), buffer.GetSize()};
}

struct JsonDocument::State {
  std::vector<char> text;  ///< What the strings of the document point into.
  rapidjson::Document document;
};

JsonDocument::JsonDocument(std::unique_ptr<State> state) : state_{std::move(state)} {}
JsonDocument::JsonDocument(JsonDocument&&) noexcept = default;
JsonDocument& JsonDocument::operator=(JsonDocument&&) noexcept = default;
JsonDocument::~JsonDocument() = default;

/// A page of a library is a megabyte, of which most is strings: their bytes are checked all at once, much faster than one by one
/// while parsing, and stay where they are.
Result<JsonDocument> JsonDocument::parse(std::string_view text) {
  if (text.size() > kMaxBytes) return Error{ErrorKind::Protocol, "an answer is too large to be JSON"};
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    return Error{ErrorKind::Protocol, "an answer is not JSON: it is not UTF-8 text"};
  constexpr unsigned kFlags =
      rapidjson::kParseIterativeFlag | rapidjson::kParseInsituFlag | rapidjson::kParseFullPrecisionFlag;
  auto state = std::make_unique<State>();
  state->text.reserve(text.size() + kPadding);
  state->text.assign(text.begin(), text.end());
  state->text.resize(text.size() + kPadding, '\0');
  rapidjson::ParseResult parsed;
  const auto generate = [&](rapidjson::Document& document) {
    DepthGuard guard{document};
    rapidjson::InsituStringStream stream{state->text.data()};
    rapidjson::Reader reader;
    parsed = reader.Parse<kFlags>(stream, guard);
    return !parsed.IsError();
  };
  state->document.Populate(generate);
  if (parsed.IsError()) {
    return Error{ErrorKind::Protocol,
                 std::string{"an answer is not JSON: "} + rapidjson::GetParseError_En(parsed.Code())};
  }
  return JsonDocument{std::move(state)};
}

JsonView JsonDocument::root() const { return JsonView{static_cast<const rapidjson::Value*>(&state_->document)}; }

struct JsonWriter::State {
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer{buffer};
  std::vector<bool> open_objects;  // innermost last; false is an array
};

JsonWriter::JsonWriter() : state_{std::make_unique<State>()} {}
JsonWriter::JsonWriter(JsonWriter&&) noexcept = default;
JsonWriter& JsonWriter::operator=(JsonWriter&&) noexcept = default;
JsonWriter::~JsonWriter() = default;

JsonWriter& JsonWriter::object() {
  state_->open_objects.push_back(true);
  state_->writer.StartObject();
  return *this;
}

JsonWriter& JsonWriter::array() {
  state_->open_objects.push_back(false);
  state_->writer.StartArray();
  return *this;
}

JsonWriter& JsonWriter::end() {
  const bool is_object = state_->open_objects.back();
  state_->open_objects.pop_back();
  if (is_object) {
    state_->writer.EndObject();
  } else {
    state_->writer.EndArray();
  }
  return *this;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  state_->writer.Key(name.data(), static_cast<rapidjson::SizeType>(name.size()));
  return *this;
}

JsonWriter& JsonWriter::value(std::string_view text) {
  state_->writer.String(text.data() ? text.data() : "", static_cast<rapidjson::SizeType>(text.size()));
  return *this;
}

JsonWriter& JsonWriter::value(std::int64_t number) { return state_->writer.Int64(number), *this; }
JsonWriter& JsonWriter::value(std::uint64_t number) { return state_->writer.Uint64(number), *this; }
JsonWriter& JsonWriter::value(double number) {
  if (!std::isfinite(number)) return null();
  return state_->writer.Double(number), *this;
}
JsonWriter& JsonWriter::value(bool truth) { return state_->writer.Bool(truth), *this; }
JsonWriter& JsonWriter::null() { return state_->writer.Null(), *this; }

JsonWriter& JsonWriter::raw(std::string_view json) {
  state_->writer.RawValue(json.data(), json.size(), rapidjson::kObjectType);
  return *this;
}

std::string JsonWriter::take() {
  std::string text{state_->buffer.GetString(), state_->buffer.GetSize()};
  state_ = std::make_unique<State>();
  return text;
}

}  // namespace icloudphotos
