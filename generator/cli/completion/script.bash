# Completes `make ...` and `python -m generator ...` in one checkout of the platform; elsewhere, and for anything
# else, both complete as before. Printed by `python -m generator completion bash`; needs bash 4.4.

__generator_root=@ROOT@
declare -gA __generator_usual

__generator_complete() {
  local command=${1##*/} line=${COMP_LINE:0:COMP_POINT} words
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=("")
  if ! __generator_ours "$command" "${words[@]}"; then
    __generator_as_before "$command" "$@"
    return
  fi
  compopt +o bashdefault +o default # no file is meant where nothing of ours fits
  local python=$__generator_root/.venv/bin/python current=${words[-1]}
  mapfile -t COMPREPLY < <("$python" -m generator completion bash -- "${words[@]}" 2>/dev/null)
  [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[.=/[] ]] && compopt -o nospace
  # Readline replaces only what follows the last of these, where they break words.
  local mark
  for mark in : =; do
    if [[ $COMP_WORDBREAKS == *$mark* && $current == *$mark* ]]; then
      COMPREPLY=("${COMPREPLY[@]#"${current%"$mark"*}$mark"}")
      current=${current##*"$mark"}
    fi
  done
}

__generator_ours() {
  [[ . -ef $__generator_root && -x $__generator_root/.venv/bin/python ]] || return
  if [[ $1 == make ]]; then
    [[ " ${*:3} " != *" -"* ]] # -C, -f and the like may mean another Makefile, and are not ours to complete
  else
    [[ ${3-} == -m && ${4-} == generator && $# -gt 4 ]]
  fi
}

# What completed the command before, loaded when it is first needed, as bash-completion does.
__generator_as_before() {
  local command=$1 loader
  shift
  if [[ -z ${__generator_usual[$command]-} ]]; then
    complete -r "$command"
    for loader in _comp_load _completion_loader; do
      declare -F "$loader" >/dev/null && { "$loader" "$command"; break; }
    done
    __generator_take "$command"
  fi
  local -a spec
  eval "spec=(${__generator_usual[$command]})" # what complete -p prints is made to be read back
  local function index
  for ((index = 1; index < ${#spec[@]} - 1; index++)); do
    case ${spec[index]} in
      -F) function=${spec[index + 1]} ;;
      -o) compopt -o "${spec[index + 1]}" ;;
    esac
  done
  if [[ -n $function ]]; then
    "$function" "$@"
  else
    mapfile -t COMPREPLY < <(compgen "${spec[@]:1:${#spec[@]}-2}" -- "$2" 2>/dev/null)
  fi
}

__generator_take() {
  local spec
  spec=$(complete -p "$1" 2>/dev/null) || spec="complete -o bashdefault -o default $1"
  [[ $spec == *"-F __generator_complete "* ]] || __generator_usual[$1]=$spec
  complete -o bashdefault -o default -F __generator_complete "$1"
}

for __generator_command in make python python3; do
  if complete -p "$__generator_command" &>/dev/null; then
    __generator_take "$__generator_command"
  else
    complete -o bashdefault -o default -F __generator_complete "$__generator_command"
  fi
done
unset __generator_command
