using NUnit.Framework;
using Sim.Environments.Quadrotors;
using Sim.Physics.Numerics;

namespace Sim.Tests.Environments.Quadrotors;

/// <summary>The vehicle's dynamics against closed forms, through the kernel at one environment.</summary>
public class QuadrotorPhysicsTests
{
    private static readonly VehicleSettings Vehicle = new();

    [Test]
    public void A_vehicle_without_thrust_falls_freely()
    {
        var body = At(0.5f);
        body.PositionZ = new(3f);
        var parameters = Nominal(Vehicle);
        parameters.Lift = new(0f);
        for (int step = 1; step <= 100; step++)
        {
            QuadrotorDynamics.Advance(ref body, in parameters, Commands(0.5f, 0.5f, 0.5f, 0.5f), Vehicle);
            double time = step * 0.01, fall = 0.5 * 9.81 * time * time;

            // The spec's bound: a hundred float32 additions to a height of metres.
            Assert.That(body.PositionZ.Value, Is.EqualTo(3 - fall).Within(1e-5 * (3 + fall)));
        }
    }

    [Test]
    public void At_hover_speed_nothing_accelerates()
    {
        var parameters = Nominal(Vehicle);
        float hover = parameters.HoverSpeed.Value;
        Assert.That(hover, Is.EqualTo(0.8061f).Within(1e-4f), "the spec's figure for 0.0306 kg, four digits");
        var body = At(hover);
        QuadrotorDynamics.Advance(ref body, in parameters, Commands(hover, hover, hover, hover), Vehicle);
        Assert.That(body.VelocityZ.Value / Vehicle.Dt, Is.Zero.Within(1e-3));
        Assert.That(body.SpinX.Value, Is.Zero.Within(1e-6));
        Assert.That(body.SpinY.Value, Is.Zero.Within(1e-6));
        Assert.That(body.SpinZ.Value, Is.Zero.Within(1e-6));
    }

    [Test]
    public void A_spin_without_torque_keeps_its_angular_momentum_for_ten_seconds()
    {
        var vehicle = new VehicleSettings { InertiaX = 1e-5f, InertiaY = 1.5e-5f, InertiaZ = 2e-5f };
        var parameters = Nominal(vehicle);
        var body = At(0.5f);
        (body.SpinX, body.SpinY, body.SpinZ) = (new(2f), new(-3f), new(4f));
        var start = Momentum(body, vehicle);
        for (int step = 0; step < 1000; step++)
            QuadrotorDynamics.Advance(ref body, in parameters, Commands(0.5f, 0.5f, 0.5f, 0.5f), vehicle);
        var end = Momentum(body, vehicle);
        double size = Math.Sqrt((start.X * start.X) + (start.Y * start.Y) + (start.Z * start.Z));
        Assert.That(body.SpinX.Value, Is.Not.EqualTo(2f).Within(0.1), "the spin itself must move, or the test shows nothing");
        Assert.That(end.X, Is.EqualTo(start.X).Within(1e-4 * size));
        Assert.That(end.Y, Is.EqualTo(start.Y).Within(1e-4 * size));
        Assert.That(end.Z, Is.EqualTo(start.Z).Within(1e-4 * size));
    }

    [TestCase(0.2f, 0.9f)]
    [TestCase(0.9f, 0.2f)]
    public void A_motor_comes_63_percent_of_its_way_in_one_time_constant(float from, float to)
    {
        float time = to > from ? Vehicle.MotorRiseTime : Vehicle.MotorFallTime;
        var vehicle = Vehicle with { Dt = time / 10 };
        var parameters = Nominal(vehicle);
        var body = At(from);
        for (int step = 0; step < 10; step++)
            QuadrotorDynamics.Advance(ref body, in parameters, Commands(to, to, to, to), vehicle);

        // Runge-Kutta at a tenth of the time constant is off by 3e-7 over ten steps.
        Assert.That((body.Rotor2.Value - from) / (to - from), Is.EqualTo(1 - Math.Exp(-1)).Within(2e-6));
    }

    [Test]
    public void Halving_the_step_divides_the_error_by_sixteen()
    {
        double coarse = Error(0.04f), fine = Error(0.02f);
        Assert.That(coarse / fine, Is.EqualTo(16).Within(0.2 * 16), "order four, by the spec to 20 %");

        // Against steps of 2.5 ms, whose own error is a thousandth of the finer one's and lost in rounding.
        static double Error(float step)
        {
            var (a, b) = (Tumble(step), Tumble(0.0025f));
            double x = a.QuaternionX.Value - b.QuaternionX.Value, y = a.QuaternionY.Value - b.QuaternionY.Value;
            double z = a.QuaternionZ.Value - b.QuaternionZ.Value, w = a.QuaternionW.Value - b.QuaternionW.Value;
            return Math.Sqrt((x * x) + (y * y) + (z * z) + (w * w));
        }

        static QuadrotorBody<Lane1> Tumble(float step)
        {
            var vehicle = Vehicle with { Dt = step, InertiaX = 1e-5f, InertiaY = 1.5e-5f };
            var parameters = Nominal(vehicle);
            var body = At(0.5f);
            (body.SpinX, body.SpinY, body.SpinZ) = (new(6f), new(-9f), new(12f));
            for (int i = 0; i < (int)MathF.Round(0.4f / step); i++)
                QuadrotorDynamics.Advance(ref body, in parameters, Commands(0.6f, 0.6f, 0.6f, 0.6f), vehicle);
            return body;
        }
    }

    /// <summary>Rotors 0 to 3 stand at (+,−), (−,−), (−,+), (+,+) and turn the body about +z by −, +, −, +.</summary>
    [TestCase(0, -1, -1, -1)]
    [TestCase(1, -1, +1, +1)]
    [TestCase(2, +1, +1, -1)]
    [TestCase(3, +1, -1, +1)]
    public void A_faster_rotor_turns_the_body_as_its_place_and_spin_say(int rotor, int roll, int pitch, int yaw)
    {
        var parameters = Nominal(Vehicle);
        var body = At(0.5f);
        float[] command = [0.5f, 0.5f, 0.5f, 0.5f];
        command[rotor] = 0.8f;
        QuadrotorDynamics.Advance(ref body, in parameters, Commands(command[0], command[1], command[2], command[3]), Vehicle);
        Assert.That(Math.Sign(body.SpinX.Value), Is.EqualTo(roll));
        Assert.That(Math.Sign(body.SpinY.Value), Is.EqualTo(pitch));
        Assert.That(Math.Sign(body.SpinZ.Value), Is.EqualTo(yaw));
    }

    private static QuadrotorBody<Lane1> At(float rotors)
    {
        QuadrotorStart.Level<Lane1>(new(0f), new(0f), new(0f), new(rotors), out var body);
        return body;
    }

    private static QuadrotorParameters<Lane1> Nominal(in VehicleSettings vehicle)
    {
        QuadrotorStart.DrawParameters<Lane1>(default, in vehicle, new RandomisationSettings(), out var parameters);
        return parameters;
    }

    private static Rotors<Lane1> Commands(float a, float b, float c, float d)
        => new() { Rotor0 = new(a), Rotor1 = new(b), Rotor2 = new(c), Rotor3 = new(d) };

    private static (double X, double Y, double Z) Momentum(in QuadrotorBody<Lane1> body, in VehicleSettings vehicle)
    {
        double x = body.QuaternionX.Value, y = body.QuaternionY.Value, z = body.QuaternionZ.Value, w = body.QuaternionW.Value;
        double lx = (double)vehicle.InertiaX * body.SpinX.Value, ly = (double)vehicle.InertiaY * body.SpinY.Value, lz = (double)vehicle.InertiaZ * body.SpinZ.Value;
        return (
            ((1 - (2 * ((y * y) + (z * z)))) * lx) + (2 * ((x * y) - (w * z)) * ly) + (2 * ((x * z) + (w * y)) * lz),
            (2 * ((x * y) + (w * z)) * lx) + ((1 - (2 * ((x * x) + (z * z)))) * ly) + (2 * ((y * z) - (w * x)) * lz),
            (2 * ((x * z) - (w * y)) * lx) + (2 * ((y * z) + (w * x)) * ly) + ((1 - (2 * ((x * x) + (y * y)))) * lz));
    }
}
