using System.ComponentModel.DataAnnotations;
using Sim.Environments.Configuration;

namespace Sim.Environments.Surgical.Manipulation;

/// <summary>How jaws take hold of things.</summary>
public enum GraspMode
{
    /// <summary>Both fingers must touch; friction carries the first millimetres, then a weld takes over. SurRoL's way.</summary>
    FrictionThenWeld,

    /// <summary>A closing jaw whose tip is within 2 mm (nominal) of the place to grasp welds at once; fingers touch nothing.</summary>
    ProximityWeld,
}

/// <summary>What all manipulation tasks share: SurRoL's world, its time and its grasp.</summary>
public record struct WorldSettings()
{
    /// <summary>Substeps of 1/240 s in a control step: 0.2 s.</summary>
    public const int ControlSubsteps = 48;

    /// <summary>Length of a substep, s.</summary>
    public const float Substep = 1f / 240;

    /// <summary>Length of a control step, s.</summary>
    public const float ControlPeriod = ControlSubsteps * Substep;

    /// <summary>World units per metre of the instruments. Masses and gravity are not scaled.</summary>
    [Range(1f, 10f)] public float LengthScale { get; init; } = 5;

    /// <summary>Collision detections in a control step of 48 substeps of 1/240 s; a divisor of 48.</summary>
    [Range(1, 48)] public int Detections { get; init; } = 12;

    public GraspMode Grasp { get; init; } = GraspMode.FrictionThenWeld;

    /// <summary>Force on each finger at which a closing jaw stops, N.</summary>
    [Range(0.01f, 100f)] public float GripForce { get; init; } = 1.5f;

    /// <summary>Force beyond which a grasp tears off, N.</summary>
    [Range(0.1f, 1000f)] public float HoldForce { get; init; } = 20;

    /// <summary>Substeps between two detections.</summary>
    public readonly int SubstepsPerDetection => ControlSubsteps / Detections;

    /// <summary>A nominal length in world units.</summary>
    public readonly float Scaled(float nominal) => nominal * LengthScale;

    /// <exception cref="SettingsException">Settings contradict each other.</exception>
    public readonly void Check()
    {
        if (ControlSubsteps % Detections != 0)
            throw new SettingsException($"world.detections {Detections} does not divide the {ControlSubsteps} substeps of a control step: 1, 2, 3, 4, 6, 8, 12, 16, 24 and 48 do");
    }
}
