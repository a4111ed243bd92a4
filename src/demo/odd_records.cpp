// SPDX-License-Identifier: MIT
#include "odd_records.h"

namespace icloudphotos::demo {
namespace {

constexpr std::string_view kHistory[] = {
    R"({"recordName":"9E500000-0000-4000-8000-0000000000D3","recordType":"CPLPerson","fields":{"personType":{"value":1,"type":"INT64"},"displayNameEnc":{"value":"QW5u","type":"ENCRYPTED_BYTES"}},"recordChangeTag":"a1","deleted":false})",
    R"({"recordName":"FACE0000-0000-4000-8000-0000000000D3","recordType":"CPLFaceCrop","fields":{"assetKey":{"value":"none","type":"STRING"},"resFullRes":{"value":{"size":12,"fileChecksum":"AW2cWT2PxzWixMKuuNMTHJ8CJ3sH"},"type":"ASSETID"}},"deleted":false})",
    R"({"recordName":"PrimarySync-0000-LI-2","recordType":"CPLLibraryInfo","fields":{"imagesCount":{"value":"12","type":"INT64"}},"deleted":false})",
    R"({"recordName":"3E300000-0000-4000-8000-0000000000D3","recordType":"CPLMemory","fields":{"titleEnc":{"value":"T24gdGhpcyBkYXk=","type":"ENCRYPTED_BYTES"},"assetUUIDs":{"value":["A","B"],"type":"STRING_LIST"}},"deleted":false})",
    R"({"recordName":"SharedLibraryQuota-_0123456789abcdef0123456789abcdef","recordType":"CPLSharedLibraryQuota","fields":{"contributedQuotaInSharedLibrary":{"value":9007199254740993,"type":"INT64"}},"deleted":false})",
    R"({"recordName":"C0330000-0000-4000-8000-0000000000D3","recordType":"CPLTextComment","fields":{"textEnc":{"value":"TmljZSE=","type":"ENCRYPTED_BYTES"}},"deleted":false})",
    R"({"recordName":"5AA70000-0000-4000-8000-0000000000D3","recordType":"CPLAlbum","fields":{"albumNameEnc":{"value":"U21hcnQgb24gYSBNYWM=","type":"ENCRYPTED_BYTES"},"albumType":{"value":6,"type":"INT64"},"position":{"value":99000,"type":"INT64"}},"deleted":false})",
    R"({"recordName":"0DD10000-0000-4000-8000-0000000000D3","recordType":"CPLAlbum","fields":{"albumNameEnc":{"value":"QSBraW5kIG9mIHRvbW9ycm93","type":"ENCRYPTED_BYTES"},"albumType":{"value":42,"type":"INT64"}},"deleted":false})",
    R"({"recordName":"0DD20000-0000-4000-8000-0000000000D3-IN-0DD30000-0000-4000-8000-0000000000D3","recordType":"CPLContainerRelation","deleted":false})",
    R"({"recordName":"0DD40000-0000-4000-8000-0000000000D3","recordType":"SomethingOfTomorrow","fields":{"a":{"value":{"b":[1,2,{"c":null}]},"type":"MYSTERY_LIST"}}})",
};

constexpr std::string_view kFeed[] = {
    R"({"recordName":"FACE0000-0000-4000-8000-00000000DEAD","recordType":null,"deleted":true,"recordChangeTag":"dd"})",
    R"({"recordName":"0DD50000-0000-4000-8000-0000000000D3-IN-0DD60000-0000-4000-8000-0000000000D3","recordType":null,"deleted":true})",
    R"({"recordName":"0DD70000-0000-4000-8000-0000000000D3","recordType":null,"recordChangeTag":"de","deleted":false})",
    R"({"recordName":"0DD80000-0000-4000-8000-0000000000D3","serverErrorCode":"INTERNAL_ERROR","reason":"this record cannot be read"})",
    R"({})",
};

constexpr std::string_view kList[] = {
    R"({"recordName":"0DD90000-0000-4000-8000-0000000000D3","serverErrorCode":"NOT_FOUND","reason":"Record not found"})",
    R"({"recordName":"0DDA0000-0000-4000-8000-0000000000D3","recordType":null})",
    R"({"recordName":"0DDB0000-0000-4000-8000-0000000000D3","recordType":"SomethingOfTomorrow","deleted":false})",
};

constexpr Orphan kMasters[] = {
    {"AQ0fYW5kIG5vdGhpbmcgZWxzZSEh",
     R"({"recordName":"AQ0fYW5kIG5vdGhpbmcgZWxzZSEh","recordType":"CPLMaster","fields":{"filenameEnc":{"value":"TE9TVC5KUEc=","type":"ENCRYPTED_BYTES"},"itemType":{"value":"public.jpeg","type":"STRING"},"resOriginalFileType":{"value":"public.jpeg","type":"STRING"},"resOriginalRes":{"value":{"fileChecksum":"AQ0fYW5kIG5vdGhpbmcgZWxzZSEh","size":4711,"downloadURL":"https://cvws.icloud-content.com/B/none"},"type":"ASSETID"}},"deleted":false})"},
    {"AQ0ebm8gZmllbGRzIGF0IGFsbCEh",
     R"({"recordName":"AQ0ebm8gZmllbGRzIGF0IGFsbCEh","recordType":"CPLMaster","deleted":false})"},
};

constexpr Orphan kAssets[] = {
    {"0F000000-0000-4000-8000-0000000000D3",
     R"({"recordName":"0F000000-0000-4000-8000-0000000000D3","recordType":"CPLAsset","fields":{"masterRef":{"value":{"recordName":"AQ0dbm9ib2R5IGhhcyBzZWVuIGl0","action":"DELETE_SELF"},"type":"REFERENCE"},"assetDate":{"value":1577880000000,"type":"TIMESTAMP"},"addedDate":{"value":1577880001000,"type":"TIMESTAMP"}},"deleted":false})"},
    {"0F100000-0000-4000-8000-0000000000D3",
     R"({"recordName":"0F100000-0000-4000-8000-0000000000D3","recordType":"CPLAsset","fields":{"assetDate":{"value":1577880002000,"type":"TIMESTAMP"}},"deleted":false})"},
    {"0F200000-0000-4000-8000-0000000000D3",
     R"({"recordName":"0F200000-0000-4000-8000-0000000000D3","recordType":"CPLAsset","deleted":false})"},
};

}  // namespace

std::span<const std::string_view> odd_records_of_history() { return kHistory; }
std::span<const std::string_view> odd_records_of_feed() { return kFeed; }
std::span<const std::string_view> odd_records_of_list() { return kList; }
std::span<const Orphan> orphan_masters() { return kMasters; }
std::span<const Orphan> orphan_assets() { return kAssets; }

std::string_view odd_field() { return R"({"value":{"of":["tomorrow",{"and":null}]},"type":"MYSTERY"})"; }

}  // namespace icloudphotos::demo
