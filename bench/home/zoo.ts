/** One accessory of each kind that a home has, as makers build them. */
import { Accessory, Characteristic, Service, uuid } from "@homebridge/hap-nodejs";

export function zoo(): readonly Accessory[] {
    return [
        whiteLamp(),
        fan(),
        ventilator(),
        blind(),
        garageDoor(),
        lock(),
        climateSensor(),
        contact(),
        smoke(),
        television(),
        heater(),
    ];
}

function accessory(name: string, ...services: readonly Service[]): Accessory {
    const made = new Accessory(name, uuid.generate(`earshot:zoo:${name}`));
    for (const service of services) made.addService(service);
    return made;
}

function battery(percent: number): Service {
    const service = new Service.Battery("Battery");
    service.getCharacteristic(Characteristic.BatteryLevel).updateValue(percent);
    service.getCharacteristic(Characteristic.StatusLowBattery).updateValue(percent < 20 ? 1 : 0);
    return service;
}

/** From cold (140 mired, 7,143 K) to warm (500 mired, 2,000 K). */
function whiteLamp(): Accessory {
    const service = new Service.Lightbulb("Reading Lamp");
    service.getCharacteristic(Characteristic.ColorTemperature).setProps({ minValue: 140, maxValue: 500 });
    service.getCharacteristic(Characteristic.ColorTemperature).updateValue(300);
    return accessory("Reading Lamp", service);
}

function fan(): Accessory {
    const service = new Service.Fan("Ceiling Fan");
    service.getCharacteristic(Characteristic.RotationSpeed).setProps({ minStep: 25 }).updateValue(50);
    return accessory("Ceiling Fan", service);
}

function ventilator(): Accessory {
    return accessory("Ventilator", new Service.Fanv2("Ventilator"));
}

/** A motor that takes its time, but says at once where it goes. */
function blind(): Accessory {
    const service = new Service.WindowCovering("Blind");
    const [current, target, state] = [
        service.getCharacteristic(Characteristic.CurrentPosition),
        service.getCharacteristic(Characteristic.TargetPosition),
        service.getCharacteristic(Characteristic.PositionState),
    ];
    service.getCharacteristic(Characteristic.HoldPosition).on("change", () => {
        target.updateValue(current.value);
        state.updateValue(2);
    });
    service.getCharacteristic(Characteristic.TargetHorizontalTiltAngle);
    service.getCharacteristic(Characteristic.CurrentHorizontalTiltAngle).updateValue(0);
    current.updateValue(30);
    target.updateValue(30);
    state.updateValue(2);
    target.on("change", ({ newValue, reason }) => {
        if (reason === "write") state.updateValue(Number(newValue) > Number(current.value) ? 1 : 0);
    });
    return accessory("Blind", service);
}

function garageDoor(): Accessory {
    const service = new Service.GarageDoorOpener("Garage Door");
    const current = service.getCharacteristic(Characteristic.CurrentDoorState);
    const target = timed(service.getCharacteristic(Characteristic.TargetDoorState));
    current.updateValue(1);
    target.updateValue(1);
    target.on("change", ({ newValue }) => current.updateValue(newValue === 0 ? 2 : 3));
    return accessory("Garage Door", service);
}

function lock(): Accessory {
    const service = new Service.LockMechanism("Front Door");
    const current = service.getCharacteristic(Characteristic.LockCurrentState);
    const target = timed(service.getCharacteristic(Characteristic.LockTargetState));
    current.updateValue(1);
    target.updateValue(1);
    target.on("change", ({ newValue }) => current.updateValue(newValue));
    return accessory("Front Door", service, battery(15));
}

/** Several sensors in one housing: each is a device. */
function climateSensor(): Accessory {
    const temperature = new Service.TemperatureSensor("Office Temperature");
    temperature.getCharacteristic(Characteristic.CurrentTemperature).updateValue(21.4);
    const humidity = new Service.HumiditySensor("Office Humidity");
    humidity.getCharacteristic(Characteristic.CurrentRelativeHumidity).updateValue(47);
    const light = new Service.LightSensor("Office Brightness");
    light.getCharacteristic(Characteristic.CurrentAmbientLightLevel).updateValue(120);
    const motion = new Service.MotionSensor("Office Motion");
    motion.getCharacteristic(Characteristic.MotionDetected).updateValue(true);
    const occupancy = new Service.OccupancySensor("Office Occupancy");
    occupancy.getCharacteristic(Characteristic.OccupancyDetected).updateValue(1);
    const air = new Service.AirQualitySensor("Office Air");
    air.getCharacteristic(Characteristic.AirQuality).updateValue(2);
    const dioxide = new Service.CarbonDioxideSensor("Office Dioxide");
    dioxide.getCharacteristic(Characteristic.CarbonDioxideLevel).updateValue(640);
    return accessory("Office", temperature, humidity, light, motion, occupancy, air, dioxide);
}

function contact(): Accessory {
    const service = new Service.ContactSensor("Window Contact");
    service.getCharacteristic(Characteristic.ContactSensorState).updateValue(1);
    return accessory("Window Contact", service, battery(80));
}

function smoke(): Accessory {
    const service = new Service.SmokeSensor("Smoke Alarm");
    const monoxide = new Service.CarbonMonoxideSensor("Monoxide Alarm");
    const leak = new Service.LeakSensor("Leak Alarm");
    leak.getCharacteristic(Characteristic.LeakDetected).updateValue(1);
    return accessory("Alarm", service, monoxide, leak);
}

function television(): Accessory {
    const service = new Service.Television("Television");
    service.setCharacteristic(Characteristic.ConfiguredName, "Television");
    service.getCharacteristic(Characteristic.ActiveIdentifier).updateValue(1);
    service.getCharacteristic(Characteristic.CurrentMediaState).updateValue(0);
    service.getCharacteristic(Characteristic.TargetMediaState).updateValue(0);
    const speaker = new Service.TelevisionSpeaker("Speaker");
    speaker.getCharacteristic(Characteristic.Volume).updateValue(30);
    const inputs = ["HDMI 1", "Radio"].map((name, index) => {
        const input = new Service.InputSource(name, name);
        input.setCharacteristic(Characteristic.ConfiguredName, name);
        input.setCharacteristic(Characteristic.Identifier, index + 1);
        service.addLinkedService(input);
        return input;
    });
    service.addLinkedService(speaker);
    return accessory("Television", service, speaker, ...inputs);
}

/** Heats and does nothing else. */
function heater(): Accessory {
    const service = new Service.Thermostat("Heater");
    service.getCharacteristic(Characteristic.TargetHeatingCoolingState).setProps({ validValues: [0, 1] });
    service.getCharacteristic(Characteristic.TargetTemperature).setProps({ minValue: 7, maxValue: 30, minStep: 0.5 });
    service.getCharacteristic(Characteristic.TargetRelativeHumidity).updateValue(40);
    return accessory("Heater", service);
}

/** Locks and doors ask for writes that were announced. */
function timed(characteristic: Characteristic): Characteristic {
    return characteristic.setProps({
        perms: [...characteristic.props.perms, "tw" as (typeof characteristic.props.perms)[number]],
    });
}
