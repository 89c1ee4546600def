export {
    CAPTURE_TIMINGS,
    Capture,
    type CaptureEvents,
    type CaptureOptions,
    type CaptureState,
    type CaptureTimings,
} from "./capture";
export {
    alsaDevices,
    findRecorders,
    listMicrophones,
    type MicrophoneDevice,
    pipeWireDevices,
    pulseDevices,
    RECORDER_PROGRAMS,
    type Recorder,
    type RecorderProgram,
} from "./recorders";
