// SPDX-License-Identifier: Apache-2.0
#include "webhook/main/arguments.h"

#include "webhook/config/duration.h"
#include "webhook/config/size.h"

namespace tegata::webhook {

CLI::Option* add_duration(CLI::App& app, const std::string& name, std::chrono::milliseconds& target,
                          const std::string& help) {
  const auto read = [&target, name](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration.ok()) throw CLI::ValidationError(name, duration.error().message);
    target = *duration;
  };
  return app.add_option_function<std::string>(name, read, help)->type_name("DURATION");
}

CLI::Option* add_size(CLI::App& app, const std::string& name, std::uint64_t& target,
                      const std::string& help) {
  const auto read = [&target, name](const std::string& text) {
    const auto size = parse_size(text);
    if (!size.ok()) throw CLI::ValidationError(name, size.error().message);
    target = *size;
  };
  return app.add_option_function<std::string>(name, read, help)->type_name("SIZE");
}

CLI::Option* add_list(CLI::App& app, const std::string& names, std::vector<std::string>& target,
                      const std::string& type, const std::string& help) {
  return app.add_option(names, target, help)->type_name(type)->allow_extra_args(false);
}

CLI::Option* add_text(CLI::App& app, const std::string& names, std::string& target, const std::string& type,
                      const std::string& help) {
  return app.add_option(names, target, help)->type_name(type);
}

void add_format(CLI::App& app, cli::Format& format) {
  add_choice<cli::Format>(app, "-o,--output", format,
                          {{"table", cli::Format::Table}, {"json", cli::Format::Json}},
                          "table for people, json for programs");
}

void add_registries(CLI::App& app, RegistryOptions& registries) {
  add_list(app, "--insecure-plain-http", registries.insecure_plain_http, "HOST[:PORT]",
           "use plain HTTP for this registry; exact, repeatable");
  add_text(app, "--registry-ca", registries.registry_ca, "FILE",
           "PEM certificates to trust for registries, instead of those of the system");
  add_aws(app, registries.aws_roles, registries.aws_external_ids);
}

void add_aws(CLI::App& app, std::vector<std::string>& roles, std::vector<std::string>& external_ids) {
  add_list(app, "--aws-role", roles, "ARN",
           "the role to take for ECR registries of its account; one for each account, repeatable")
      ->delimiter(',');
  add_list(app, "--aws-external-id", external_ids, "ACCOUNT=ID",
           "the external ID that the role of this account requires; repeatable")
      ->delimiter(',');
}

CLI::App* add_command(CLI::App& parent, const std::string& name, const std::string& help,
                      const char* examples) {
  auto* command = parent.add_subcommand(name, help);
  command->footer(examples);
  return command;
}

namespace {

// CLI11 treats an empty value as an option that was not given, but an issuer may be empty.
void add_optional(CLI::App& app, const std::string& name, std::optional<std::string>& target,
                  const std::string& type, const std::string& help) {
  app.add_option_function<std::string>(
         name, [&target](const std::string& text) { target = text; }, help)
      ->type_name(type);
}

void add_demand(CLI::App& app, const std::string& name, Demand& target, Demand value,
                const std::string& help) {
  app.add_flag_callback(
      name, [&target, value] { target = value; }, help);
}

void add_github(CLI::App& app, std::map<std::string, std::string>& extensions) {
  constexpr std::pair<const char*, const char*> kParts[] = {{"repository", "githubWorkflowRepository"},
                                                            {"ref", "githubWorkflowRef"},
                                                            {"trigger", "githubWorkflowTrigger"},
                                                            {"sha", "githubWorkflowSHA"},
                                                            {"name", "githubWorkflowName"}};
  for (const auto& [part, extension] : kParts)
    app.add_option_function<std::string>(
           "--certificate-github-workflow-" + std::string(part),
           [&extensions, extension = extension](const std::string& text) { extensions[extension] = text; },
           "the " + std::string(part) + " in a certificate of GitHub Actions, exact")
        ->type_name("TEXT");
}

}  // namespace

void add_signer_options(CLI::App& app, cli::AuthorityOptions& options) {
  add_text(app, "--key", options.key, "FILE", "the public key, PEM");
  add_optional(app, "--certificate-identity", options.identity.subject, "TEXT",
               "the identity in the certificate, exact");
  add_optional(app, "--certificate-oidc-issuer", options.identity.issuer, "TEXT",
               "the issuer of that identity, exact; \"\" for a certificate without an issuer");
  add_text(app, "--trusted-root", options.root.trusted_root, "FILE",
           "trusted_root.json (default: TEGATA_TRUSTED_ROOT)");
}

void add_authority_options(CLI::App& app, cli::AuthorityOptions& options) {
  add_signer_options(app, options);
  add_optional(app, "--certificate-identity-regexp", options.identity.subject_pattern, "RE2",
               "a pattern that the whole identity must match");
  add_optional(app, "--certificate-oidc-issuer-regexp", options.identity.issuer_pattern, "RE2",
               "a pattern that the whole issuer must match");
  add_github(app, options.identity.extensions);
  add_text(app, "--certificate", options.certificate, "FILE", "accept only this certificate, PEM");
  add_text(app, "--certificate-chain", options.root.certificate_chain, "FILE",
           "intermediates and root of your PKI, PEM");
  add_text(app, "--ca-roots", options.root.ca_roots, "FILE", "roots of your PKI, PEM");
  add_text(app, "--ca-intermediates", options.root.ca_intermediates, "FILE", "its intermediates, PEM");
  add_text(app, "--timestamp-certificate-chain", options.root.timestamp_chain, "FILE",
           "leaf, intermediates and root of a timestamp authority, PEM");
  add_demand(app, "--use-signed-timestamps", options.signed_timestamp, Demand::Required,
             "a signed timestamp (RFC 3161) must prove when it was signed");
  add_text(app, "--type", options.type, "TYPE",
           "the type of an attestation to require: a URI, or a short name of cosign such as vuln");
  add_demand(app, "--insecure-ignore-tlog", options.transparency_log, Demand::NotRequired,
             "do not require the transparency log");
  add_demand(app, "--insecure-ignore-sct", options.certificate_timestamp, Demand::NotRequired,
             "do not require the certificate's embedded timestamp (SCT)");
}

}  // namespace tegata::webhook
