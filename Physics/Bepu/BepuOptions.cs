namespace Sim.Physics.Bepu;

/// <summary>How the environments of a <see cref="BepuWorld"/> share one simulation.</summary>
public sealed record BepuOptions
{
    /// <summary>Free room between the scenes of neighbouring environments, metres. They never touch; room only spares the engine pairs to refuse.</summary>
    public float Spacing { get; init; } = 2;

    /// <summary>
    /// The engine has no half-space: a plane is a box this wide along its local X and Y, metres, with its top in the
    /// plane. Bodies beyond the edge fall. Environments stand further apart than their planes are wide, which costs
    /// precision: see <see cref="BepuWorld.PositionRounding"/>.
    /// </summary>
    public float PlaneWidth { get; init; } = 40;

    /// <summary>Thickness of that box, metres: a body whose centre gets deeper than half of it is pushed out below.</summary>
    public float PlaneThickness { get; init; } = 4;

    /// <summary>Positions may be rounded by this much, metres; a world that would need more is refused.</summary>
    public float LargestPositionRounding { get; init; } = 1e-4f;

    internal string? Fault
        => Positive("spacing", Spacing, zero: true) ?? Positive("plane width", PlaneWidth, zero: false) ?? Positive("plane thickness", PlaneThickness, zero: false)
            ?? Positive("largest position rounding", LargestPositionRounding, zero: false);

    private static string? Positive(string name, float value, bool zero)
        => float.IsFinite(value) && (value > 0 || (zero && value == 0)) ? null : FormattableString.Invariant($"{name} {value} must be {(zero ? "0 or more" : "positive")}");
}
