using System.ComponentModel.DataAnnotations;

namespace Sim.Cli.Actions;

/// <summary>Turns what the libraries refuse into bad input, for the person who typed it.</summary>
internal static class Refusal
{
    /// <summary>Makes something out of what was typed.</summary>
    /// <exception cref="BadInputException">It cannot be made.</exception>
    public static T Of<T>(Func<T> make)
    {
        try
        {
            return make();
        }
        catch (ArgumentException error)
        {
            // The name of a parameter says nothing to the shell.
            string message = error.ParamName is null ? error.Message : error.Message.Split(" (Parameter '")[0];
            throw new BadInputException(message);
        }
        catch (ValidationException error)
        {
            throw new BadInputException(error.Message);
        }
        catch (OverflowException)
        {
            throw new BadInputException("The batch is too large: choose fewer environments or a shorter rollout.");
        }
    }
}
