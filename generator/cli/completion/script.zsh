# Completes `make ...` and `python -m generator ...` in one checkout of the platform; elsewhere, and for anything
# else, both complete as before. Printed by `python -m generator completion zsh`; source it after compinit.

typeset -g __generator_root=@ROOT@
typeset -gA __generator_usual

(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }

__generator_complete() {
  local -a typed lines ends more about_ends about_more
  typed=("${(@Q)words[1,CURRENT-1]}" "${(Q)PREFIX}")
  if ! __generator_ours "$service" "${typed[@]}"; then
    local usual=${__generator_usual[$service]:-_default}
    $usual "$@"
    return
  fi
  lines=("${(@f)$("$__generator_root/.venv/bin/python" -m generator completion zsh -- "${typed[@]}" 2>/dev/null)}")
  local line text about
  for line in "${lines[@]}"; do
    text=${line%%$'\t'*} about=${line#*$'\t'}
    [[ -n $text ]] || continue
    [[ -n $about ]] && about="$text  -- $about" || about=$text
    if [[ $text == *[.=/[] ]]; then
      more+=("$text") about_more+=("$about")
    else
      ends+=("$text") about_ends+=("$about")
    fi
  done
  (( $#ends )) && compadd -l -d about_ends -a ends
  (( $#more )) && compadd -l -S '' -d about_more -a more
  (( $#ends + $#more ))
}

__generator_ours() {
  [[ . -ef $__generator_root && -x $__generator_root/.venv/bin/python ]] || return
  if [[ $1 == make ]]; then
    [[ " ${(j: :)@[3,-1]} " != *" -"* ]] # -C, -f and the like may mean another Makefile, and are not ours
  else
    [[ $3 == -m && $4 == generator ]] && (( $# > 4 ))
  fi
}

() {
  local command
  for command in make python python3; do
    [[ $_comps[$command] == __generator_complete ]] || __generator_usual[$command]=$_comps[$command]
    compdef __generator_complete $command
  done
}
