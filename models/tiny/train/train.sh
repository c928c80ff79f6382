#!/bin/sh
# Trains everything in order: `train.sh RUN [HOURS]`. A run that was stopped goes on where it was.
# HOURS is what the whole takes on a machine of its own; each part gets its share of it.
set -eu
run=$1
hours=${2:-4}
here=$(dirname "$0")
pictures=$run/pictures
mkdir -p "$run"
# Threads that wait must not keep a shared processor busy.
export OMP_WAIT_POLICY=PASSIVE
minutes() { awk "BEGIN { print $hours * 60 * $1 }"; }
step() {
    program=$1
    shift
    echo "== $program"
    "${PYTHON:-python3}" "$here/$program.py" "$@"
}

step render "$pictures" --count "${SCENES:-8500}"
step vae "$run" --pictures "$pictures" --minutes "$(minutes 0.25)"
[ -e "$run/text.pt" ] || step text "$run" --minutes "$(minutes 0.02)"
step latents "$run" --pictures "$pictures"
step unet "$run" --minutes "$(minutes 0.60)"
step vae "$run" --pictures "$pictures" --minutes "$(minutes 0.04)" --decoder
step upscale "$run" --pictures "$pictures" --minutes "$(minutes 0.04)"
[ -e "$run/judge.pt" ] || step judge "$run" --pictures "$pictures" --minutes "$(minutes 0.03)"
step evaluate "$run" --pictures "$pictures"
step paint "$run" "$run/sheet.jpg" --seeds 4
step curves "$run" "$run/curves.png"
step export "$run" "$run/checkpoint"
