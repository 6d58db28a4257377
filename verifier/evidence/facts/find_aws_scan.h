// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include "policy/model/image_facts.h"
#include "policy/model/scan_facts.h"
#include "verifier/aws/aws_client.h"
#include "verifier/oci/content_source.h"

namespace tegata::verifier {

/// Who is asked. Both must be there until `done` is called.
struct ScanPlaces {
  ContentSource& registry;
  AwsClient& aws;
};

/// Finds what a service of AWS says about the vulnerabilities of an image: `source` is Ecr. In the account
/// and region of the image's registry, with the role of that account. Of an index, of every image in it that
/// can run, one after the other: the first gap, else all findings. Calls `done` once, on any thread, by the
/// deadline of the terms.
///
///   known    what read_ecr_scan() gives; ScanMissing: the image is not in a private registry of Amazon ECR,
///            or is an index without an image that can run; ScanUnavailable: more than limits::kScanPages
///            answers about one image, or an answer about another one
///   absent   the registry has no such image
///   unknown  the registry or the service could not be asked (AwsFailure); an index within an index
///            (Malformed), or of more than limits::kScannedImages images (LimitExceeded)
void find_aws_scan(ScanSource source, ScanPlaces places, const Repository& repository, const Digest& digest,
                   Terms terms, std::function<void(FactOf<ScanKind>)> done);

}  // namespace tegata::verifier
