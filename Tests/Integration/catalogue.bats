#!/usr/bin/env bats
# The catalogue: each of its providers is played by the mock provider, at the provider's own
# addresses, and connected, called, renewed and disconnected with nothing added but a client's id
# and secret (or a credential). `play` in catalogue.bash says what is done, catalogue.requests and
# catalogue.answers what the provider wants and how it answers.

load helpers
load mock
load catalogue

setup_file() {
    start_stage
}

teardown() {
    if [[ -z ${BATS_TEST_COMPLETED-} ]]; then explain; fi
}

teardown_file() {
    stop_stack
}

@test "every provider of the catalogue is played here" {
    local played
    played=$(sed -n 's/^@test "\(.*\)" { play; }$/\1/p' "$BATS_TEST_FILENAME" | sort)
    diff <(basename -s .yaml "$repository"/Sources/Catalogue/Providers/*.yaml | sort) - <<<"$played"
    diff <(basename -s .json "$work"/entries/*.json | sort) - <<<"$played"
    diff <(sed -n 's/^\([a-z-]*\) .*/\1/p' "${BATS_TEST_FILENAME%.bats}.requests" | sort) - \
        <<<"$played"
}

@test "a provider that grants less than was asked for is found out" {
    grants_less spotify user-read-private user-read-email
}

@test "so is one that says what it granted only to the browser" {
    grants_less strava read activity:read scope=callback
}

# grants_less PROVIDER SCOPE MISSING [ANSWER...]: grants just that scope.
grants_less() {
    slug=$1
    read_entry
    add_from_catalogue "$1-in-part"
    answer_as "granted=$2" "${@:4}"
    put_on
    try_connecting
    expect_rules_kept
    expect_match "$landing" '/grantkeeper/connected[?].*narrowed=1'
    as alice GET "/api/integrations/$slug/connection"
    expect_equal "$(json '[.status, .scope, .missingScope] | tojson')" \
        "[\"active\",\"$2\",[\"$3\"]]"
    call_played
}

@test "airtable" { play; }
@test "asana" { play; }
@test "bitbucket" { play; }
@test "box" { play; }
@test "calendly" { play; }
@test "clickup" { play; }
@test "confluence" { play; }
@test "discord" { play; }
@test "docusign" { play; }
@test "dropbox" { play; }
@test "facebook" { play; }
@test "figma" { play; }
@test "freshdesk" { play; }
@test "github" { play; }
@test "github-token" { play; }
@test "gitlab" { play; }
@test "gmail" { play; }
@test "google" { play; }
@test "google-calendar" { play; }
@test "google-drive" { play; }
@test "google-service-account" { play; }
@test "hubspot" { play; }
@test "intercom" { play; }
@test "jira" { play; }
@test "jira-api-token" { play; }
@test "linear" { play; }
@test "linkedin" { play; }
@test "mailchimp" { play; }
@test "microsoft" { play; }
@test "monday" { play; }
@test "notion" { play; }
@test "openai" { play; }
@test "pipedrive" { play; }
@test "quickbooks" { play; }
@test "reddit" { play; }
@test "salesforce" { play; }
@test "sendgrid" { play; }
@test "shopify" { play; }
@test "slack" { play; }
@test "slack-user" { play; }
@test "spotify" { play; }
@test "square" { play; }
@test "strava" { play; }
@test "stripe" { play; }
@test "twilio" { play; }
@test "twitch" { play; }
@test "x" { play; }
@test "xero" { play; }
@test "zendesk" { play; }
@test "zendesk-api-token" { play; }
@test "zoho-crm" { play; }
@test "zoom" { play; }
