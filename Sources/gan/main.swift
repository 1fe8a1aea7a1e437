import GANCommands

runCommandLine()
