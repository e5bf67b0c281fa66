#!/usr/bin/env bash
# Install what tests/real and tests/browser talk to. Does nothing where all is there; needs Debian (12 or newer) and root where not.
set -euo pipefail

PACKAGES=(
  obs-studio obs-plugins libgl1-mesa-dri  # the picture; software OpenGL under Xvfb
  xvfb pulseaudio fonts-dejavu-core       # a screen, a sound card and letters for a machine without
  ffmpeg                                  # ffprobe finds the cut in a recording
  qlcplus                                 # the lights
  liblo-tools                             # oscdump, oscsend: an OSC peer that is not python-osc
  ola                                     # DMX over OSC: the lights, once more
  supercollider-server                    # scsynth: an OSC server with time tags
  jackd2                                  # MIDI without a sound card, and jack_midi_dump
  chromium libatomic1                     # a finger on the panel; what playwright's own node wants
  tmux                                    # a terminal for the panel
  iproute2 nftables procps                # cables out, packets lost
)
command -v npm >/dev/null || PACKAGES+=(nodejs npm)  # for the language server; a node of another source will do

# hash-locked: yaml-language-server, which is what VS Code, Neovim and Helix ask; axe-core, which looks at pages
locked() { # locked FOLDER WHAT
  local folder
  folder=$(cd "$(dirname "$0")/$1" && pwd)
  cmp -s "$folder/package-lock.json" "$folder/node_modules/.installed" && return
  npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --silent &&
    cp "$folder/package-lock.json" "$folder/node_modules/.installed" ||
    echo "rig: no $2; its tests will be skipped" >&2
}
node_packages() {
  locked editor yaml-language-server
  locked ../browser/axe axe-core
}

missing=()
if command -v dpkg-query >/dev/null; then
  for package in "${PACKAGES[@]}"; do
    status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)
    [ "$status" = installed ] || missing+=("$package")
  done
else
  missing=("${PACKAGES[@]}")
fi

if [ ${#missing[@]} -eq 0 ]; then
  node_packages
  echo "rig: every real peer is installed"
  exit 0
fi
if ! command -v apt-get >/dev/null; then
  echo "rig: these tests need Debian 12 or newer; missing here: ${missing[*]}" >&2
  exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
  echo "rig: not root, and missing: ${missing[*]}" >&2
  echo "rig: as root: apt-get install --no-install-recommends ${missing[*]}" >&2
  exit 1
fi

export DEBIAN_FRONTEND=noninteractive
apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
install=("${apt[@]}" -o Dpkg::Use-Pty=0 install --no-install-recommends -y "${missing[@]}")

echo "rig: installing ${missing[*]}"
# Lists that are absent or too old name packages that are no longer there: fetch them, once.
if ! "${install[@]}" --print-uris >/dev/null 2>&1 || ! "${install[@]}" >/dev/null; then
  "${apt[@]}" update
  "${install[@]}" >/dev/null
fi
node_packages
echo "rig: installed in ${SECONDS} s"
