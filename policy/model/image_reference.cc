// SPDX-License-Identifier: Apache-2.0
#include "policy/model/image_reference.h"
