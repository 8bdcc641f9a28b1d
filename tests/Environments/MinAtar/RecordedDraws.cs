using System.Text.Json;
using Sim.Environments.Scalar;

namespace Sim.Tests.Environments.MinAtar;

/// <summary>Draws of a recording, which must be asked for in the same order and with the same limits.</summary>
internal struct RecordedDraws(JsonElement list) : IScalarDraws
{
    private int _next;

    public readonly bool AllTaken => _next == list.GetArrayLength();

    public float Unit()
    {
        var draw = Take("u");
        return (float)draw[1].GetDouble();
    }

    public int Between(int low, int high)
    {
        var draw = Take("i");
        if (draw[1].GetInt32() != low || draw[2].GetInt32() != high)
            throw new InvalidOperationException($"draw {_next - 1} was from {draw[1]} to {draw[2]}, asked for from {low} to {high}");
        return draw[3].GetInt32();
    }

    private JsonElement Take(string kind)
    {
        if (AllTaken) throw new InvalidOperationException($"only {_next} draws were recorded");
        var draw = list[_next++];
        if (draw[0].GetString() != kind) throw new InvalidOperationException($"draw {_next - 1} was of kind {draw[0]}, asked for {kind}");
        return draw;
    }
}
