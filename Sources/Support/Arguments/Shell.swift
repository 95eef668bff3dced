/// A shell for which completions are made.
public enum Shell: String, Sendable, CaseIterable {
    /// GNU Bash.
    case bash
    /// Z shell.
    case zsh
    /// Fish.
    case fish
}
