# shellcheck shell=bash
#
# Checks of the documentation, and of the comments that say what each file is. Sourced by
# scripts/check, in the repository's folder and behind scripts/lib/common.bash.

catalogue=Sources/grantkeeper/Grantkeeper.docc

# Lists Swift files without a comment before the first declaration, which says what the file is. In
# an extension that is the comment of its first member.
undocumented_files() {
    find Sources -name '*.swift' -print0 | sort -z | xargs -0 awk '
        FNR == 1 { decided = 0 }
        decided || /^[ \t]*$/ || /^[ \t]*#/ || /^[ \t]*(@[a-zA-Z]+ |package |public )*import / { next }
        /^((package|public) )?extension .*\{$/ { next }
        { decided = 1 }
        !/^[ \t]*\/\// { print FILENAME }'
}

# Lists links between files, in all Markdown files, that lead to no file.
broken_links() {
    local page link
    while IFS= read -r page; do
        while IFS= read -r link; do
            [[ -e $(dirname -- "$page")/$link ]] || printf '%s: %s\n' "$page" "$link"
        done < <(grep -oE '\]\([^][):#]+[)#]' "$page" | sed -E 's/^..(.*).$/\1/')
    done < <(find . -name .build -prune -o -name '*.md' -print | sort)
}

# Lists types that the articles on the code name and that do not exist.
missing_types() {
    LC_ALL=C comm -23 \
        <(grep -ohP '(?<=\x60)[A-Z][a-z]+[A-Z][A-Za-z0-9]*(?=\x60)' \
            "$catalogue"/{Architecture,Decisions,Reliability,Security}.md | LC_ALL=C sort -u) \
        <(grep -rohE '\b[A-Z][A-Za-z0-9]+' --include='*.swift' Package.swift Sources |
            LC_ALL=C sort -u)
}

# Lists targets without a row in the article Architecture.
undescribed_targets() {
    local folder
    for folder in Sources/*/; do
        folder=$(basename -- "$folder")
        grep -qE "^\| .*\`$folder\`.* \|" "$catalogue/Architecture.md" || printf '%s\n' "$folder"
    done
}

# Builds a copy of the articles. They link to one another as files, for readers in the repository;
# in the copy these links become DocC's, which has to find each article and heading.
convert_catalogue() {
    # shellcheck disable=SC2154 # made by make_work
    local docc copy=$work/Grantkeeper.docc
    docc=$(command -v docc || printf '%s/docc' "$(dirname -- "$(readlink -f "$(command -v swift)")")")
    cp -R -- "$catalogue" "$copy"
    sed -i -E 's/\]\(([A-Za-z]+)\.md\)/](doc:\1)/g; s/\]\(([A-Za-z]+)\.md#(.)/](doc:\1#\u\2/g
        s/\]\(#(.)/](doc:#\u\1/g' "$copy"/*.md
    run_group docc "$docc" convert "$copy" --warnings-as-errors --output-path "$work/docs" || {
        cat -- "$work/logs/docc.log" >&2
        die "the documentation cannot be built"
    }
}

# none DESCRIPTION: ends the script with that error if there are lines on standard input.
none() {
    local lines
    lines=$(cat)
    [[ -z $lines ]] || { printf '%s\n' "$lines" >&2; die "$1"; }
}
