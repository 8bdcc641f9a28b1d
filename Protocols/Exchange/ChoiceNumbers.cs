using Sim.Environments.Spaces;
using Sim.Protocols.Exchange.Spaces;

namespace Sim.Protocols.Exchange;

/// <summary>Discrete actions as foreign files count them.</summary>
internal static class ChoiceNumbers
{
    /// <summary>Choices counted from 0.</summary>
    /// <param name="numbers">As they stand in the file <c>[T, choices]</c>.</param>
    /// <param name="action">The space, and the number of each first choice.</param>
    /// <param name="place">Where they come from, for the error's sentence.</param>
    /// <exception cref="InvalidDataException">One is out of range.</exception>
    public static int[] FromZero(ReadOnlySpan<long> numbers, ActionLayout action, string place)
    {
        int[] counts = action.Space is MultiDiscrete several ? [.. several.Counts] : [((Discrete)action.Space).Count];
        int[] choices = new int[numbers.Length];
        for (int i = 0; i < numbers.Length; i++)
        {
            int part = i % counts.Length;
            long choice = numbers[i] - action.Start[part];
            if (choice < 0 || choice >= counts[part])
                throw new InvalidDataException($"action {numbers[i]} at '{place}' is none of {counts[part]} choices from {action.Start[part]} on");
            choices[i] = (int)choice;
        }
        return choices;
    }
}
