namespace Sim.Agents.Networks;

/// <summary>
/// All that a network and its optimiser remember, in the canonical layout: layer after layer, a convolution first, the weights
/// <c>[inputs, outputs]</c>, row-major, then the biases <c>[outputs]</c>, without padding.
/// </summary>
/// <param name="Shape">The network's sizes.</param>
/// <param name="Parameters">Weights and biases, <see cref="MlpShape.ParameterCount"/> of them.</param>
/// <param name="FirstMoments">Adam's running mean of each gradient.</param>
/// <param name="SecondMoments">Adam's running mean of each squared gradient.</param>
/// <param name="Steps">Adam steps taken.</param>
public sealed record NetworkState(MlpShape Shape, float[] Parameters, float[] FirstMoments, float[] SecondMoments, long Steps)
{
    /// <summary>Throws unless this state fits a network of <paramref name="shape"/>.</summary>
    /// <exception cref="ArgumentException">Another shape, an array of another length, or a negative step count.</exception>
    internal void CheckFits(MlpShape shape)
    {
        if (!Shape.Equals(shape))
        {
            throw new ArgumentException($"The saved network is {Shape}; this one is {shape}.");
        }
        int count = shape.ParameterCount;
        if (Parameters.Length != count || FirstMoments.Length != count || SecondMoments.Length != count || Steps < 0)
        {
            throw new ArgumentException(
                $"The saved state holds {Parameters.Length} parameters, {FirstMoments.Length} and {SecondMoments.Length} moments and "
                + $"{Steps} steps; a network {shape} has {count} of each, and at least 0 steps.");
        }
    }
}
