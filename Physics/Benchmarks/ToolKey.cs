namespace Sim.Physics.Benchmarks;

/// <summary>Where a tool is at one step of its cycle; between two of them it starts and stops gently.</summary>
/// <param name="Step">Counted from the beginning of the cycle.</param>
/// <param name="Height">Metres above its lowest place.</param>
/// <param name="Opening">Metres between each finger and what it grips; negative when they press into it.</param>
internal readonly record struct ToolKey(int Step, float Height, float Opening)
{
    /// <summary>Height and opening at a step from the first key's to the last's.</summary>
    public static (float Height, float Opening) At(ReadOnlySpan<ToolKey> keys, int step)
    {
        int next = 1;
        while (keys[next].Step < step) next++;
        var (from, to) = (keys[next - 1], keys[next]);
        float part = (float)(step - from.Step) / (to.Step - from.Step);
        float smooth = part * part * (3 - (2 * part));
        // Not float.Lerp, whose rounding depends on the processor.
        return (from.Height + (smooth * (to.Height - from.Height)), from.Opening + (smooth * (to.Opening - from.Opening)));
    }
}
