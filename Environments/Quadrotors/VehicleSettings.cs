using System.ComponentModel.DataAnnotations;

namespace Sim.Environments.Quadrotors;

/// <summary>
/// A quadrotor in X form: the Crazyflie 2.x of "Learning to Fly in Seconds" (Eschmann, Albani and Loianno, 2024)
/// unless told otherwise.
/// </summary>
public record struct VehicleSettings()
{
    /// <summary>Mass, kg.</summary>
    [Range(0.001f, 100f)] public float Mass { get; init; } = 0.0306f;

    /// <summary>Distance of each rotor from the centre along x and along y, m.</summary>
    [Range(0.001f, 10f)] public float Arm { get; init; } = 0.028f;

    /// <summary>Thrust of one rotor, N, is Thrust0 + Thrust1·u + Thrust2·u² of its normalised speed u in [0, 1].</summary>
    public float Thrust0 { get; init; } = 0.00352526f;

    /// <summary>Linear thrust coefficient, N.</summary>
    public float Thrust1 { get; init; } = 0.01437313f;

    /// <summary>Quadratic thrust coefficient, N.</summary>
    [Range(1e-6f, 1e6f)] public float Thrust2 { get; init; } = 0.09223048f;

    /// <summary>Torque of a rotor about its axis over its thrust, m.</summary>
    [Range(0f, 1f)] public float TorqueConstant { get; init; } = 4.665e-3f;

    /// <summary>Time constant of a motor that speeds up, s.</summary>
    [Range(0.001f, 10f)] public float MotorRiseTime { get; init; } = 0.0554545f;

    /// <summary>Time constant of a motor that slows down, s.</summary>
    [Range(0.001f, 10f)] public float MotorFallTime { get; init; } = 0.2493939f;

    /// <summary>Inertia about x, kg·m².</summary>
    [Range(1e-9f, 1e3f)] public float InertiaX { get; init; } = 9.416556729e-6f;

    /// <summary>Inertia about y, kg·m².</summary>
    [Range(1e-9f, 1e3f)] public float InertiaY { get; init; } = 9.644051702e-6f;

    /// <summary>Inertia about z, kg·m².</summary>
    [Range(1e-9f, 1e3f)] public float InertiaZ { get; init; } = 1.745951732e-5f;

    /// <summary>Gravity along −z, m/s².</summary>
    [Range(0f, 100f)] public float Gravity { get; init; } = 9.81f;

    /// <summary>Control period and integration step, s.</summary>
    [Range(1e-4f, 0.1f)] public float Dt { get; init; } = 0.01f;

    /// <summary>Greatest thrust of four rotors over weight, of the polynomial.</summary>
    public readonly float ThrustToWeight => 4f * (Thrust0 + Thrust1 + Thrust2) / (Mass * Gravity);
}

/// <summary>
/// Limits of what each episode draws anew. Equal limits fix a value; zero means the vehicle's own.
/// </summary>
public record struct RandomisationSettings()
{
    /// <summary>Least mass, kg. Size follows mass at constant density: lengths by its cube root, inertia by its 5/3 power.</summary>
    [Range(0f, 100f)] public float MassLow { get; init; }

    /// <summary>Greatest mass, kg.</summary>
    [Range(0f, 100f)] public float MassHigh { get; init; }

    /// <summary>Least ratio of full thrust to weight.</summary>
    [Range(0f, 20f)] public float ThrustToWeightLow { get; init; }

    /// <summary>Greatest ratio of full thrust to weight.</summary>
    [Range(0f, 20f)] public float ThrustToWeightHigh { get; init; }

    /// <summary>Least torque constant, m.</summary>
    [Range(0f, 1f)] public float TorqueConstantLow { get; init; }

    /// <summary>Greatest torque constant, m.</summary>
    [Range(0f, 1f)] public float TorqueConstantHigh { get; init; }

    /// <summary>Greatest disturbance force in any direction, in weights.</summary>
    [Range(0f, 1f)] public float DisturbanceForce { get; init; }

    /// <summary>Greatest disturbance torque about any axis, in weights times arm.</summary>
    [Range(0f, 1f)] public float DisturbanceTorque { get; init; }
}

/// <summary>Standard deviations of the Gaussian noise on what an actor sees.</summary>
public record struct ObservationNoiseSettings()
{
    /// <summary>On each position component, m.</summary>
    [Range(0f, 10f)] public float Position { get; init; }

    /// <summary>On each entry of the rotation matrix.</summary>
    [Range(0f, 1f)] public float Orientation { get; init; }

    /// <summary>On each velocity component, m/s.</summary>
    [Range(0f, 10f)] public float Velocity { get; init; }

    /// <summary>On each angular velocity component, rad/s.</summary>
    [Range(0f, 100f)] public float AngularVelocity { get; init; }
}
