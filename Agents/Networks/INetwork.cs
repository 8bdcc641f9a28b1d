namespace Sim.Agents.Networks;

/// <summary>
/// A multilayer perceptron with its gradients and its Adam optimiser. Losses live outside: an algorithm computes the
/// gradient of its loss with respect to the outputs and hands it to <see cref="Backward"/>. Not for use by several
/// threads at once.
/// </summary>
public interface INetwork : IDisposable
{
    MlpShape Shape { get; }

    int ParameterCount { get; }

    /// <summary>Most rows that one call takes.</summary>
    int MaxRows { get; }

    /// <summary>Outputs <c>[rows, Outputs]</c> of inputs <c>[rows, Inputs]</c>; activations are kept for one <see cref="Backward"/>.</summary>
    /// <returns>A view that is valid until the next call; its stride is a multiple of 8.</returns>
    /// <exception cref="ArgumentException">Another number of columns, or more rows than <see cref="MaxRows"/>.</exception>
    Matrix Forward(in Matrix inputs);

    /// <summary>Differentiates the last <see cref="Forward"/>.</summary>
    /// <param name="inputs">The same inputs, unchanged since.</param>
    /// <param name="outputGradients">Derivative of the loss by each output, <c>[rows, Outputs]</c>.</param>
    /// <param name="parameterGradients">Whether to overwrite the parameters' gradients; else they stay as they are.</param>
    /// <param name="inputGradients">Target <c>[rows, Inputs]</c> for the derivative by each input, or null.</param>
    /// <exception cref="InvalidOperationException">No forward pass to differentiate.</exception>
    /// <exception cref="ArgumentException">A matrix of another size than the last forward pass had.</exception>
    void Backward(in Matrix inputs, in Matrix outputGradients, bool parameterGradients, Matrix? inputGradients = null);

    /// <summary>Sum of the squared parameter gradients, for clipping by the norm.</summary>
    double GradientSquaredNorm();

    /// <summary>One Adam step with the present gradients times <paramref name="gradientScale"/>.</summary>
    void Step(float learningRate, float gradientScale = 1);

    /// <summary>Moves the parameters towards those of <paramref name="source"/>: p += tau (source - p). 1 copies.</summary>
    /// <exception cref="ArgumentException">A network of another shape or backend, or tau outside [0, 1].</exception>
    void BlendFrom(INetwork source, float tau);

    /// <summary>A copy of parameters, moments and step count.</summary>
    NetworkState Save();

    /// <summary>Takes over a saved state, of either backend.</summary>
    /// <exception cref="ArgumentException">The state is of another shape.</exception>
    void Load(NetworkState state);

    /// <summary>Writes the parameters in the canonical layout (<see cref="NetworkState"/>).</summary>
    /// <exception cref="ArgumentException">The target is not <see cref="ParameterCount"/> long.</exception>
    void CopyParameters(Span<float> target);

    /// <summary>Writes the parameters' gradients in the canonical layout.</summary>
    /// <exception cref="ArgumentException">The target is not <see cref="ParameterCount"/> long.</exception>
    void CopyGradients(Span<float> target);
}
