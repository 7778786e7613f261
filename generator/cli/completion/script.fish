# Completes `make ...` and `python -m generator ...` in one checkout of the platform, beside what completes them
# everywhere. Printed by `python -m generator completion fish`.

set -g __generator_root @ROOT@

function __generator_words
    commandline -opc
    commandline -ct
end

function __generator_candidates
    $__generator_root/.venv/bin/python -m generator completion fish -- (__generator_words) 2>/dev/null
end

function __generator_here
    test (pwd -P) = $__generator_root; and test -x $__generator_root/.venv/bin/python
end

# -C, -f and the like may mean another Makefile, and are not ours to complete.
function __generator_make
    __generator_here; and not string match -q -- '-*' (__generator_words)
end

function __generator_python
    set -l words (__generator_words)
    __generator_here; and test (count $words) -gt 3; and test "$words[2..3]" = '-m generator'
end

complete -c make -n __generator_make -f -a '(__generator_candidates)'
complete -c python -n __generator_python -f -a '(__generator_candidates)'
complete -c python3 -n __generator_python -f -a '(__generator_candidates)'
