namespace Sim.Agents.Hindsight;

/// <summary>Which achieved goals stand in for the desired one when a step is learnt from again.</summary>
public enum HindsightGoals
{
    /// <summary>None: every step keeps the goal that was asked for.</summary>
    None,

    /// <summary>What the same episode achieved after the step or later.</summary>
    Future,

    /// <summary>What the episode achieved in the end.</summary>
    Final,

    /// <summary>What the episode achieved at any time.</summary>
    Episode,
}
