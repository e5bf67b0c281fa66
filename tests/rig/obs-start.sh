#!/usr/bin/env bash
# Start a private PulseAudio (null sink), Xvfb and OBS Studio, and wait until obs-websocket answers a request.
# All state (configuration, recordings, logs, pids) lives under $RIG; obs-stop.sh ends exactly what this started.
#   RIG=DIR [OBS_PORT=4455] [OBS_PASSWORD=rigsecret] tests/rig/obs-start.sh
set -euo pipefail
RIG=${RIG:?set RIG to a folder for state, recordings, logs and pids}
PORT=${OBS_PORT:-4455}
PASSWORD=${OBS_PASSWORD:-rigsecret}
W=${OBS_W:-640} H=${OBS_H:-360} FPS=${OBS_FPS:-30}
RTMP=${OBS_RTMP:-rtmp://127.0.0.1:19350/live}
WAIT=${OBS_WAIT:-60}
AUDIO=${OBS_AUDIO:-1}            # 1 = private PulseAudio with a null sink
SCALE_FILTER=${OBS_SCALE_FILTER:-bilinear}
mkdir -p "$RIG"/{home/.config,xdg,rec,log,pid}; chmod 700 "$RIG/xdg"
export HOME="$RIG/home" XDG_CONFIG_HOME="$RIG/home/.config" XDG_RUNTIME_DIR="$RIG/xdg"
export XDG_CACHE_HOME="$RIG/home/.cache" XDG_DATA_HOME="$RIG/home/.local/share"
CFG="$XDG_CONFIG_HOME/obs-studio"
# a killed child may stay a zombie (kill -0 still succeeds) when the container init does not reap: look at the state
alive() { [ -s "$RIG/pid/$1" ] && grep -qE '^State:.[^ZX]' "/proc/$(cat "$RIG/pid/$1")/status" 2>/dev/null; }
if alive obs; then echo "already running, pid $(cat "$RIG/pid/obs")"; exit 0; fi
if (exec 3<>"/dev/tcp/127.0.0.1/$PORT") 2>/dev/null; then echo "port $PORT already in use" >&2; exit 2; fi

# ---- config (written only if absent; delete $RIG/home for a factory state) ----
mkdir -p "$CFG"/basic/profiles/Rig "$CFG"/basic/scenes "$CFG"/plugin_config/obs-websocket
if [ ! -e "$CFG/global.ini" ]; then
cat > "$CFG/global.ini" <<INI
[General]
FirstRun=true
LastVersion=486539266
InfoIncrement=9999
EnableAutoUpdates=false
ConfirmOnExit=false
Language=en-US
MaxLogs=3
Pre19Defaults=false
Pre21Defaults=false
Pre23Defaults=false
Pre24.1Defaults=false
[BasicWindow]
PreviewEnabled=false
SysTrayEnabled=false
WarnBeforeStartingStream=false
WarnBeforeStoppingStream=false
WarnBeforeStoppingRecord=false
RecordWhenStreaming=false
KeepRecordingWhenStreamStops=false
[Basic]
Profile=Rig
ProfileDir=Rig
SceneCollection=Rig
SceneCollectionFile=Rig
[OBSWebSocket]
FirstLoad=false
ServerEnabled=true
ServerPort=$PORT
AlertsEnabled=false
AuthRequired=true
ServerPassword=$PASSWORD
INI
cp "$CFG/global.ini" "$CFG/user.ini"      # OBS >= 31 splits global.ini / user.ini
cat > "$CFG/plugin_config/obs-websocket/config.json" <<JSON
{"first_load":false,"server_enabled":true,"server_port":$PORT,"alerts_enabled":false,"auth_required":true,"server_password":"$PASSWORD"}
JSON
cat > "$CFG/basic/profiles/Rig/basic.ini" <<INI
[General]
Name=Rig
[Video]
BaseCX=$W
BaseCY=$H
OutputCX=$W
OutputCY=$H
FPSType=1
FPSInt=$FPS
ScaleType=$SCALE_FILTER
[Audio]
SampleRate=48000
ChannelSetup=Stereo
[Output]
Mode=Simple
FilenameFormatting=%CCYY-%MM-%DD_%hh-%mm-%ss
Reconnect=${OBS_RECONNECT:-false}
RetryDelay=1
MaxRetries=20
[SimpleOutput]
FilePath=$RIG/rec
RecFormat=mkv
RecFormat2=${OBS_RECFMT:-mkv}
RecQuality=Small
StreamEncoder=x264
RecEncoder=x264_lowcpu
Preset=ultrafast
UseAdvanced=true
x264Settings=keyint=$FPS scenecut=0
VBitrate=800
ABitrate=96
RecRB=true
RecRBTime=5
RecRBSize=64
INI
cat > "$CFG/basic/profiles/Rig/service.json" <<JSON
{"type":"rtmp_custom","settings":{"server":"$RTMP","key":"rig","use_auth":false,"bwtest":false}}
JSON
cat > "$CFG/basic/scenes/Rig.json" <<JSON
{"name":"Rig","current_scene":"Scene","current_program_scene":"Scene","current_transition":"Cut","transition_duration":300,
 "scene_order":[{"name":"Scene"}],"groups":[],"quick_transitions":[],"transitions":[],"saved_projectors":[],"modules":{},
 "sources":[{"id":"scene","versioned_id":"scene","name":"Scene","enabled":true,"settings":{"custom_size":false,"id_counter":0,"items":[]}}]}
JSON
fi

# ---- audio: private PulseAudio, null sink only ----
if [ "$AUDIO" = 1 ] && ! alive pulse; then
  setsid pulseaudio -n --daemonize=no --use-pid-file=no --exit-idle-time=-1 --disallow-exit --realtime=no --high-priority=no \
    -L "module-native-protocol-unix socket=$XDG_RUNTIME_DIR/pulse.sock auth-anonymous=1" \
    -L "module-null-sink sink_name=rig" >"$RIG/log/pulse.log" 2>&1 </dev/null &
  echo $! >"$RIG/pid/pulse"
fi
export PULSE_SERVER="unix:$XDG_RUNTIME_DIR/pulse.sock"
# ---- X ----
if ! alive xvfb; then
  rm -f "$RIG/xdisplay"; : >"$RIG/xdisplay"
  setsid Xvfb -displayfd 9 -screen 0 1280x720x24 -nolisten tcp -noreset +extension GLX \
     9>"$RIG/xdisplay" >"$RIG/log/xvfb.log" 2>&1 </dev/null &
  echo $! >"$RIG/pid/xvfb"
  for _ in $(seq 100); do [ -s "$RIG/xdisplay" ] && break; sleep 0.05; done
fi
export DISPLAY=":$(tr -d '\n' <"$RIG/xdisplay")"
[ "$DISPLAY" != ":" ] || { echo "Xvfb did not start" >&2; cat "$RIG/log/xvfb.log" >&2; exit 3; }
# ---- OBS ----
export LIBGL_ALWAYS_SOFTWARE=1 GALLIUM_DRIVER=llvmpipe LP_NUM_THREADS=${LP_NUM_THREADS:-1}
export QT_QPA_PLATFORM=xcb XDG_SESSION_TYPE=x11 QT_LOGGING_RULES='*.debug=false' NO_AT_BRIDGE=1
export DBUS_SESSION_BUS_ADDRESS=${RIG_DBUS:-disabled:}
# rtmp-services tries an https package update at every start: point curl at a dead loopback proxy (no DNS, no egress)
export http_proxy=http://127.0.0.1:9 https_proxy=http://127.0.0.1:9 no_proxy=127.0.0.1,localhost
unset WAYLAND_DISPLAY
t0=$(date +%s%N)
CMD=(obs)
if [ -n "${OBS_ROOT:-}" ]; then  # run a newer Debian suite's OBS from a chroot made by mmdebstrap (private mount ns, same net ns)
  CMD=(unshare -m --propagation private sh -c 'r=$1; shift; mount --rbind /proc "$r/proc"; mount --rbind /dev "$r/dev"; mount --bind /tmp "$r/tmp"; exec chroot "$r" obs "$@"' sh "$OBS_ROOT")
fi
setsid "${CMD[@]}" --multi --minimize-to-tray --disable-updater --disable-shutdown-check --disable-missing-files-check \
   --disable-high-dpi-scaling --collection Rig --profile Rig \
   --websocket_port "$PORT" --websocket_password "$PASSWORD" --websocket_ipv4_only ${OBS_EXTRA:-} \
   >"$RIG/log/obs.log" 2>&1 </dev/null &
OBSPID=$!; echo $OBSPID >"$RIG/pid/obs"
# ---- wait for obs-websocket, and for "NotReady" to end (GetVersion with auth) ----
python3 - "$PORT" "$PASSWORD" "$WAIT" "$OBSPID" <<'PY'
import base64,hashlib,json,os,socket,struct,sys,time
port,pw,limit,pid=int(sys.argv[1]),sys.argv[2],float(sys.argv[3]),int(sys.argv[4])
end=time.time()+limit
def frame(s,o):
    d=json.dumps(o).encode();k=os.urandom(4)
    h=b"\x81"+(bytes([0x80|len(d)]) if len(d)<126 else b"\xfe"+struct.pack(">H",len(d)))
    s.sendall(h+k+bytes(b^k[i%4] for i,b in enumerate(d)))
def rd(s,n):
    b=b""
    while len(b)<n:
        c=s.recv(n-len(b))
        if not c: raise OSError("closed")
        b+=c
    return b
def msg(s):
    h=rd(s,2);n=h[1]&127
    if n==126:n=struct.unpack(">H",rd(s,2))[0]
    elif n==127:n=struct.unpack(">Q",rd(s,8))[0]
    d=rd(s,n)
    if h[0]&15==8: raise SystemExit("closed by OBS: %d %s"%(struct.unpack(">H",d[:2])[0],d[2:].decode()))
    return json.loads(d)
def h(x): return base64.b64encode(hashlib.sha256(x).digest())
while time.time()<end:
    try: os.kill(pid,0)
    except OSError: sys.exit("OBS exited early")
    try:
        s=socket.create_connection(("127.0.0.1",port),2); s.settimeout(5)
        s.sendall((f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\nSec-WebSocket-Version: 13\r\n"
          "Sec-WebSocket-Protocol: obswebsocket.json\r\n\r\n").encode())
        b=b""
        while not b.endswith(b"\r\n\r\n"): b+=rd(s,1)
        hello=msg(s)["d"]; d={"rpcVersion":1,"eventSubscriptions":0}
        if "authentication" in hello:
            a=hello["authentication"]; d["authentication"]=h(h((pw+a["salt"]).encode())+a["challenge"].encode()).decode()
        frame(s,{"op":1,"d":d}); msg(s)
        frame(s,{"op":6,"d":{"requestType":"GetVersion","requestId":"w"}}); r=msg(s)["d"]
        if r["requestStatus"]["result"]:
            v=r["responseData"]; print("ready: OBS %s obs-websocket %s"%(v["obsVersion"],v["obsWebSocketVersion"])); sys.exit(0)
        print("not ready yet:", r["requestStatus"])
    except OSError: pass
    time.sleep(0.1)
sys.exit("timeout waiting for obs-websocket")
PY
echo "DISPLAY=$DISPLAY pid=$OBSPID port=$PORT ready_after_ms=$(( ($(date +%s%N)-t0)/1000000 ))"
