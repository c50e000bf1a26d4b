#!/usr/bin/env bash
# Completion as the shells offer it: bash by its function and by the tab key of a real one; zsh and fish where they are installed.
# Usage: completion.sh TITRANT
set -uo pipefail
# shellcheck source=tests/end_to_end/prologue.bash
source "$(dirname "$0")/prologue.bash"
mkdir bin here && cd here || exit 1

mkdir some_folder
ln -s "$titrant" "$folder/bin/titrant"
PATH=$folder/bin:$PATH
touch a.yaml b.h5 c.csv bell.qasm "two words.yaml"
titrant documentation bash >titrant.bash || fail "no completion for bash"
# shellcheck source=/dev/null
source titrant.bash

offers() { # line up to the cursor, expected words in the order of the alphabet
  local line=$1
  shift
  COMP_LINE=$line COMP_POINT=${#line} COMPREPLY=() COMP_WORDBREAKS=$' \t\n"\'><=;|&(:'
  _titrant
  local got expected
  got=$(printf '%s\n' "${COMPREPLY[@]% }" | sort)
  expected=$(printf '%s\n' "$@" | sort)
  [[ $got == "$expected" ]] || fail "'$line' offers $(tr '\n' ' ' <<<"$got") and not $*"
}

offers "titrant c" campaign check circuit compare
offers "titrant circuit r" resources route run
offers "titrant campaign " plan run status gather --help
offers "titrant circuit run --s" --shots --seed
offers "titrant circuit print --s" --set --store
offers "titrant simulate --from " some_folder/ b.h5
offers "titrant simulate --design " some_folder/ c.csv
offers "titrant simulate --f" --force --from
offers "titrant run --config " some_folder/ a.yaml b.h5 "two\\ words.yaml"
offers "titrant run --config=a" a.yaml
offers "titrant run -c tw" "two\\ words.yaml"
offers "titrant circuit run " some_folder/ bell.qasm
offers "titrant campaign plan --folder " some_folder/
offers "titrant circuit export --preparation " auto general mps
offers "titrant circuit route --dialect " braket openqasm2 openqasm3 qdk qiskit
offers "titrant run --set cohort." cohort.size=
offers "titrant run --set pk.compartments=" 1 2 3 auto # after the =, where bash cuts
offers "titrant run --set pk.compartments=1 --set coho" cohort.size=
offers "titrant help circuit rou" route
offers "titrant documentation m" man markdown

# tab SHELL KEYS ANSWER KEYS ANSWER ...: a real shell is asked by its tab key and says so.
tab() {
  python3 - "$@" <<'PYTHON' || fail "the tab key of $1"
import os, pty, select, sys, time

shell, dialogue = sys.argv[1].split(), [word.encode().decode("unicode_escape") for word in sys.argv[2:]]
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="> ", HISTFILE="", INPUTRC="/dev/null")
    os.execvp(shell[0], shell)
for keys, wanted in zip(dialogue[::2], dialogue[1::2]):
    os.write(terminal, keys.encode())
    text, end = "", time.time() + 20
    while wanted not in text:
        if time.time() > end:
            sys.exit(f"no {wanted!r} after {keys!r}, but {text!r}")
        if select.select([terminal], [], [], 0.1)[0]:
            text += os.read(terminal, 4096).decode(errors="replace")
PYTHON
}

tab "bash --norc --noprofile -i" "source titrant.bash && echo re''ady\\n" ready 'titrant circ\t' 'titrant circuit ' 'rou\t' 'route ' \
  '--dev\t' '--device ' '\x15titrant run --set pd.structure=turnover_stimulation_of\t' 'pd.structure=turnover_stimulation_of_loss ' \
  '\x15titrant run --config two\t' 'two\\ words.yaml '

if command -v zsh >/dev/null; then
  titrant documentation zsh >_titrant
  zsh -n _titrant || fail "zsh cannot read its completion"
  tab "zsh -f -i" "fpath=(\$PWD \$fpath); autoload -Uz compinit; compinit -u -D; echo re''ady\\n" ready 'titrant circ\t' 'circuit ' \
    'rou\t' 'route ' '--dev\t' '--device=' '\x15titrant circuit run \t' 'bell.qasm' '\x15titrant run --set pk.comp\t' 'pk.compartments='
fi
if command -v fish >/dev/null; then
  titrant documentation fish >titrant.fish
  got=$(fish --no-config -c 'source titrant.fish; complete -C "titrant circuit ro"; complete -C "titrant run --set pk.compartments=a"' | cut -f 1)
  [[ $got == $'route\npk.compartments=auto' ]] || fail "fish offers $got"
fi

exit_if_failed
echo "shells complete commands, actions, options, files and keys"
