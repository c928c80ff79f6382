#!/bin/sh
# Every program once, on a few scenes, down to a checkpoint: a minute or two on two cores. Each training has to lower its
# loss, or this fails.
set -eu
here=$(dirname "$0")
run=${1:-$(mktemp -d)}
pictures=$run/pictures
export OMP_WAIT_POLICY=PASSIVE
step() {
    program=$1
    shift
    "${PYTHON:-python3}" "$here/$program.py" "$@"
}

step render "$pictures" --count 48 --shard 48
step vae "$run" --pictures "$pictures" --batch 2 --smoke
step text "$run" --smoke
step latents "$run" --pictures "$pictures"
step unet "$run" --batch 12 --smoke
step distil "$run" --batch 6 --smoke
step upscale "$run" --pictures "$pictures" --batch 1 --smoke
step paint "$run" "$run/sheet.jpg" "mountains, blue, dawn, misty" --steps 2
step export "$run" "$run/checkpoint"
